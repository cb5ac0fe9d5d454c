#!/usr/bin/env node
require('./launch.cjs').start('trace-syscalls')
