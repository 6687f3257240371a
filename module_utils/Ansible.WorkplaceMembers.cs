// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;

// Settings of who: the accounts that hold a user right, the members of a local group.
namespace Ansible.WorkplaceMembers
{
    /// <summary>Sets of SIDs as text: sorted, joined by a comma, `none` when empty.</summary>
    public static class Sids
    {
        public static State Show(IEnumerable<string> sids)
        {
            string[] sorted = sids.Select(s => s.ToUpperInvariant()).Distinct().OrderBy(s => s, StringComparer.Ordinal).ToArray();
            return new State(sorted.Length == 0 ? "none" : String.Join(", ", sorted));
        }

        public static string[] Of(State state)
        {
            return state.Key == "none" ? new string[0] : state.Key.Split(new string[] { ", " }, StringSplitOptions.None);
        }

        /// <summary>Adds before it removes, so that nobody is shut out halfway.</summary>
        public static void Move(State now, State wanted, Action<string> add, Action<string> remove)
        {
            foreach (string sid in Of(wanted).Except(Of(now)))
                add(sid);
            foreach (string sid in Of(now).Except(Of(wanted)))
                remove(sid);
        }
    }

    public sealed class UserRightItem : Item
    {
        private readonly string right;
        private readonly string[] members;

        public UserRightItem(string right, IEnumerable<string> members)
        {
            this.right = right;
            this.members = members.ToArray();
        }

        public override string Identity { get { return "user right " + right; } }

        public override State Read(Session session)
        {
            return Sids.Show(session.Host.UserRights.Members(right));
        }

        public override State Wanted(State now)
        {
            return Sids.Show(members);
        }

        public override void Write(Session session, State now)
        {
            IUserRights rights = session.Host.UserRights;
            Sids.Move(now, Wanted(now), sid => rights.Add(right, sid), sid => rights.Remove(right, sid));
        }

        public override State ClaimedBy(Claims claims)
        {
            string claimed = claims.Entry(Claims.PrivilegeRights, right);
            return claimed == null ? null : Sids.Show(claimed.Split(',').Select(s => s.Trim().TrimStart('*')).Where(s => s != ""));
        }
    }

    public sealed class LocalGroupItem : Item
    {
        private readonly string group, mode;
        private readonly string[] members;
        private string[] sids;   // of members, known once read

        public LocalGroupItem(string group, IEnumerable<string> members, string mode)
        {
            this.group = group;
            this.members = members.ToArray();
            this.mode = mode;
        }

        // several settings may each add to a group, or each take from it
        public override string Identity { get { return mode == "exact" ? "local group " + group : null; } }

        public override State Read(Session session)
        {
            sids = members.Select(m => session.Host.LocalGroups.Resolve(m).ToUpperInvariant()).ToArray();
            return Sids.Show(session.Host.LocalGroups.Members(group));
        }

        public override State Wanted(State now)
        {
            switch (mode)
            {
                case "include": return Sids.Show(Sids.Of(now).Union(sids));
                case "exclude": return Sids.Show(Sids.Of(now).Except(sids));
                default: return Sids.Show(sids);
            }
        }

        public override void Write(Session session, State now)
        {
            ILocalGroups groups = session.Host.LocalGroups;
            Sids.Move(now, Wanted(now), sid => groups.Add(group, sid), sid => groups.Remove(group, sid));
        }
    }
}
