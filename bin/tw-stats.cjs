#!/usr/bin/env node
require('./launch.cjs').start('tw-stats')
