"""Tables, migrations, repositories, leases and the audit chain."""
