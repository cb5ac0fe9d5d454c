"""one stuck reader amid a busy web server and a compile"""
from gym import *

import stuck_reader, h_web, h_compile

def setup(g):
    h_web.setup(g)
    h_compile.setup(g)
    return stuck_reader.setup(g)
