// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;

// The kinds of settings: how each reads what is, says what should be, and writes the difference.
namespace Ansible.WorkplaceItems
{
    /// <summary>A value as people read it (`Text`) and as it is compared (`Key`: unambiguous).</summary>
    public sealed class State
    {
        public const string Absent = "<absent>";

        public readonly string Text;
        public readonly string Key;

        public State(string text) : this(text, text) { }

        public State(string text, string key)
        {
            Text = text;
            Key = key;
        }
    }

    /// <summary>The host during one call, with the parts that Windows reads and writes as a whole.</summary>
    public sealed class Session
    {
        public readonly IHost Host;
        public SystemAccessBatch SystemAccess { get; private set; }

        public Session(IHost host)
        {
            Host = host;
            Forget();
        }

        /// <summary>Read anew from now on.</summary>
        public void Forget()
        {
            SystemAccess = new SystemAccessBatch(Host);
        }
    }

    /// <summary>One export serves all reads, one configure all writes; their failure is every reader's or writer's.</summary>
    public sealed class SystemAccessBatch
    {
        private readonly Lazy<IDictionary<string, string>> exported;
        private readonly Lazy<bool> committed;
        private readonly Dictionary<string, string> staged = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);

        public SystemAccessBatch(IHost host)
        {
            exported = new Lazy<IDictionary<string, string>>(() => host.SystemAccess.Export());
            committed = new Lazy<bool>(() => { host.SystemAccess.Configure(staged); return true; });
        }

        /// <summary>Null when the policy does not hold the key.</summary>
        public string Get(string key)
        {
            string value;
            return exported.Value.TryGetValue(key, out value) ? value : null;
        }

        public void Stage(string key, string value)
        {
            staged[key] = value;
        }

        public bool Commit()
        {
            return committed.Value;
        }
    }

    public abstract class Item
    {
        /// <summary>What the item governs; two settings of one call must not govern the same. Null: they may.</summary>
        public abstract string Identity { get; }

        /// <summary>True when the item stands for one item in each user's hive (see In).</summary>
        public virtual bool PerUser { get { return false; } }

        public virtual Item In(UserHive user)
        {
            throw new NotSupportedException();
        }

        public abstract State Read(Session session);

        /// <summary>What should be, given what is. Throws when it cannot be reached on this host.</summary>
        public abstract State Wanted(State now);

        public abstract void Write(Session session, State now);

        /// <summary>What would be, had these claims been applied to what the item wants; null when they leave it alone.</summary>
        public virtual State ClaimedBy(Claims claims)
        {
            return null;
        }

        /// <summary>Called after every item's Write: where Windows takes many values at once, they go now.</summary>
        public virtual void Commit(Session session) { }
    }

    public sealed class ServiceItem : Item
    {
        private const string NotInstalled = "<not installed>";
        private readonly string name, start, status;

        /// <param name="status">running, stopped, or null when it does not matter.</param>
        public ServiceItem(string name, string start, string status)
        {
            this.name = name;
            this.start = start;
            this.status = status;
        }

        public override string Identity { get { return "service " + name; } }

        public override State Read(Session session)
        {
            ServiceState now = session.Host.Services.Read(name);
            return now == null ? new State(NotInstalled) : Show(now.Start, now.Status);
        }

        public override State Wanted(State now)
        {
            if (now.Key != NotInstalled)
                return Show(start, status);
            if (start != "disabled")
                throw new InvalidOperationException("service " + name + " is not installed");
            return now;   // what is not there cannot start
        }

        public override void Write(Session session, State now)
        {
            if (now.Key.Split(',')[0] != start)
                session.Host.Services.SetStart(name, start);
            if (status != null && session.Host.Services.Read(name).Status != status)
                session.Host.Services.SetStatus(name, status);
        }

        public override State ClaimedBy(Claims claims)
        {
            string mode = claims.Entry(Claims.Services, name);
            // a delayed start is an automatic one to a template; it says nothing of whether the service runs
            string claimed = mode == "2" ? (start == "delayed" ? start : "automatic") : mode == "3" ? "manual" : mode == "4" ? "disabled" : null;
            return claimed == null ? null : new State(claimed, Show(claimed, status).Key);
        }

        private State Show(string startNow, string statusNow)
        {
            return new State(status == null ? startNow : startNow + ", " + statusNow);
        }
    }

    public sealed class SystemAccessItem : Item
    {
        private readonly string name, data;

        public SystemAccessItem(string name, string data)
        {
            this.name = name;
            this.data = data;
        }

        public override string Identity { get { return "System Access " + name; } }

        public override State Read(Session session)
        {
            return new State(session.SystemAccess.Get(name) ?? State.Absent);
        }

        public override State Wanted(State now)
        {
            return new State(data);
        }

        public override void Write(Session session, State now)
        {
            session.SystemAccess.Stage(name, data);
        }

        public override void Commit(Session session)
        {
            session.SystemAccess.Commit();
        }

        public override State ClaimedBy(Claims claims)
        {
            string claimed = claims.Entry(Claims.SystemAccess, name);
            return claimed == null ? null : new State(claimed);
        }
    }

    public sealed class AuditItem : Item
    {
        private readonly Guid subcategory;
        private readonly AuditEvents events;

        public AuditItem(Guid subcategory, AuditEvents events)
        {
            this.subcategory = subcategory;
            this.events = events;
        }

        public override string Identity { get { return "audit subcategory " + subcategory.ToString("B"); } }

        public static string Show(AuditEvents events)
        {
            return events.ToString().ToLowerInvariant();   // `success, failure`, `none`: the enum's own form
        }

        public override State Read(Session session)
        {
            return new State(Show(session.Host.AuditPolicy.Read(subcategory)));
        }

        public override State Wanted(State now)
        {
            return new State(Show(events));
        }

        public override void Write(Session session, State now)
        {
            session.Host.AuditPolicy.Write(subcategory, events);
        }

        public override State ClaimedBy(Claims claims)
        {
            AuditEvents? claimed = claims.Audit(subcategory);
            return claimed == null ? null : new State(Show(claimed.Value));
        }
    }
}
