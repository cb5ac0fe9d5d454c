/**
 * Accounts that distributions and the packages of well-known services create, by their name: it says nothing of a site.
 * Source: base-passwd and maintainer scripts of Debian, setup and sysusers.d of Fedora.
 */
export const SYSTEM_ACCOUNTS: ReadonlySet<string> = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats _apt nobody adm shutdown ' +
    'halt operator ftp nfsnobody systemd-network systemd-resolve systemd-timesync systemd-coredump systemd-oom ' +
    'systemd-journal-remote messagebus dbus polkitd sshd syslog rpc _rpc rpcuser statd avahi avahi-autoipd rtkit tss uuidd ' +
    'tcpdump usbmux colord geoclue pulse pipewire saned gdm Debian-gdm lightdm sddm cups-pk-helper kernoops whoopsie fwupd ' +
    'fwupd-refresh dnsmasq unbound bind named chrony _chrony ntp _ntp ntpsec systemd-chrony postfix postdrop Debian-exim ' +
    'exim dovecot dovenull opendkim postgres mysql mariadb redis valkey memcache memcached mongodb rabbitmq nginx apache ' +
    'httpd caddy haproxy varnish squid tomcat jetty snmp Debian-snmp nscd nslcd sssd ldap openldap clamav amavis spamd ' +
    'zabbix nagios nrpe prometheus grafana telegraf collectd node_exporter consul vault etcd docker containers libvirt-qemu ' +
    'libvirtdbus qemu kvm swtpm vde2-net ceph gluster glusterd rpcbind _flatpak flatpak pcp landscape pollinate lxd ' +
    'dhcpcd openvpn strongswan tor debian-tor _lldpd sshd-auth uwsgi gunicorn'
  ).split(' '),
)
