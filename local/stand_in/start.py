"""ministack's own start, with the seams filled before it."""

import sys

from stand_in import seams


def start():
    """Fills every seam and runs ministack until it is told to end."""
    try:
        seams.check_version()
        # Importing a feature fills its seams.
        from stand_in import (  # noqa: F401
            alarms,
            authority_permissions,
            certificate_from_csr,
            certificate_registry,
            connections,
            dropped_certificates,
            metric_filters,
            rotation,
            rotation_schedule_resource,
            secret_versions,
            service_quotas,
        )
    except seams.SeamMoved as moved:
        sys.exit(f"the stand-in for AWS cannot start: {moved}")
    from ministack.app import main

    main()
