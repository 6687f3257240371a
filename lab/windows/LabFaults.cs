// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;

namespace Werkplek.Lab
{
    /// <summary>
    /// Faults on purpose: section `faults` of the state holds lists of labels under read_denied, write_denied and
    /// write_ignored. A label is the start of what it hits: `HKLM:\path\value name`, `HKU:\SID\path`,
    /// `service Spooler`, `user right SeTcbPrivilege`, `audit {guid}`, `local group S-1-5-32-544`, `file C:\path` (reads),
    /// `hive S-1-5-21-...` (loading and unloading), `certificate root THUMBPRINT`, `wifi profile NAME`,
    /// `System Access` (reads) or `System Access LockoutBadCount` (writes).
    /// </summary>
    public sealed class LabFaults
    {
        public static readonly string[] Kinds = { "read_denied", "write_denied", "write_ignored" };
        private readonly IDictionary<string, object> faults;

        public LabFaults(IDictionary<string, object> faults)
        {
            this.faults = faults;
        }

        public void Reading(string label)
        {
            if (Hits("read_denied", label))
                throw new UnauthorizedAccessException("Access is denied.");
        }

        /// <summary>False when the write must go nowhere and seem to succeed.</summary>
        public bool Writing(string label)
        {
            if (Hits("write_denied", label))
                throw new UnauthorizedAccessException("Access is denied.");
            return !Hits("write_ignored", label);
        }

        private bool Hits(string kind, string label)
        {
            object labels;
            return faults.TryGetValue(kind, out labels)
                && ((IList)labels).Cast<string>().Any(f => label.StartsWith(f, StringComparison.OrdinalIgnoreCase));
        }
    }
}
