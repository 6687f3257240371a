// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceMemory;
using Ansible.WorkplaceOwners;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;

// Read everything, compute, write the differences, read back what was written.
namespace Ansible.WorkplacePlan
{
    /// <summary>How to run, and what to call with what the results cannot say.</summary>
    public sealed class Mode
    {
        public readonly bool Check, Reclaim;
        public readonly Action<string> Warn;

        public Mode(bool check, bool reclaim, Action<string> warn)
        {
            Check = check;
            Reclaim = reclaim;
            Warn = warn;
        }
    }

    public static class Plan
    {
        public static IList<Outcome> Run(IEnumerable<Setting> settings, IHost host, Mode mode)
        {
            // hives are opened only when a setting needs them
            Lazy<IList<UserHive>> users = new Lazy<IList<UserHive>>(() => UserHives(host));
            List<Outcome> outcomes = settings.Select(s => new Outcome(s, users)).ToList();
            Session session = new Session(host);
            List<Target> targets = outcomes.SelectMany(o => o.Targets).ToList();
            targets.ForEach(t => t.Read(session));
            Memory memory = Memory.Of(host.Registry, mode.Reclaim, mode.Warn);
            Owners owners = new Owners(host, mode.Warn);
            targets.Where(t => t.Due).ToList().ForEach(t => t.FindOwner(owners, memory));
            List<Target> due = targets.Where(t => t.Due).ToList();
            if (mode.Check)
            {
                due.ForEach(t => t.Announce());
                return outcomes;
            }
            Enforce(due, session);
            targets.ForEach(t => t.Remember(memory));
            memory.Save(host.Registry, users.IsValueCreated ? Names(users.Value) : null);
            return outcomes;
        }

        private static IList<UserHive> UserHives(IHost host)
        {
            try
            {
                return host.Registry.UserHives();
            }
            catch (Exception e)   // fails the settings of users, not the others
            {
                return new UserHive[] { new UserHive("users", "", "cannot list users: " + e.Message) };
            }
        }

        /// <summary>Null when the hives could not be listed.</summary>
        private static IEnumerable<string> Names(IEnumerable<UserHive> users)
        {
            return users.Any(u => u.Root == "") ? null : users.Select(u => u.Name).ToList();
        }

        private static void Enforce(List<Target> due, Session session)
        {
            due.ForEach(t => t.Write(session));
            due.ForEach(t => t.Commit(session));
            session.Forget();
            due.ForEach(t => t.Verify(session));
        }
    }
}
