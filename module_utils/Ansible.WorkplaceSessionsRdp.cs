// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Sockets;

//AssemblyReference -Type System.Net.IPAddress -CLR Core
//AssemblyReference -Type System.Net.Sockets.TcpClient -CLR Core

namespace Ansible.WorkplaceSessionsRdp
{
    /// <summary>
    /// The first two messages of RDP: a client's X.224 Connection Request ([MS-RDPBCGR] 2.2.1.1) and the server's Connection
    /// Confirm (2.2.1.2). Nobody signs in, and no session is made.
    /// </summary>
    public static class Rdp
    {
        private const int Header = 4, Shortest = 11, WithNegotiation = 19, MostSeconds = 10;

        // TPKT (version 3, length 19), X.224 CR, RDP_NEG_REQ for TLS, CredSSP and CredSSP with early user authorization
        public static readonly byte[] Request =
        {
            3, 0, 0, 19, 14, 0xE0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 0x0B, 0, 0, 0,
        };

        // RDP_NEG_FAILURE, [MS-RDPBCGR] 2.2.1.2.2
        private static readonly Dictionary<int, string> Failures = new Dictionary<int, string>
        {
            { 1, "SSL_REQUIRED_BY_SERVER" }, { 2, "SSL_NOT_ALLOWED_BY_SERVER" }, { 3, "SSL_CERT_NOT_ON_SERVER" },
            { 4, "INCONSISTENT_FLAGS" }, { 5, "HYBRID_REQUIRED_BY_SERVER" }, { 6, "SSL_WITH_USER_AUTH_REQUIRED_BY_SERVER" },
        };

        /// <summary>What is wrong with an answer to the request; null for a connection confirm.</summary>
        public static string Problem(byte[] answer)
        {
            bool confirm = answer.Length >= Shortest && answer[0] == 3 && Length(answer) == answer.Length
                && answer[4] == answer.Length - 5 && (answer[5] & 0xF0) == 0xD0;
            if (!confirm || (answer.Length != Shortest && answer.Length != WithNegotiation))
                return "not an X.224 connection confirm: " + BitConverter.ToString(answer);
            if (answer.Length == Shortest || answer[11] == 2)   // TYPE_RDP_NEG_RSP
                return null;
            int code = BitConverter.ToInt32(answer, 15);
            string name;
            return answer[11] == 3 && Failures.TryGetValue(code, out name) ? "refuses with " + name
                : "an unknown negotiation: " + BitConverter.ToString(answer);
        }

        /// <summary>Sends a request to a port and reads one TPKT message. IOException: nothing listens, or it stays silent.</summary>
        public static byte[] Ask(IPAddress address, int port, byte[] request)
        {
            using (TcpClient client = new TcpClient(address.AddressFamily))
            {
                Connect(client, address, port);
                NetworkStream stream = client.GetStream();
                stream.ReadTimeout = stream.WriteTimeout = MostSeconds * 1000;
                stream.Write(request, 0, request.Length);
                byte[] header = Read(stream, Header);
                int length = Length(header);
                if (header[0] != 3 || length < Header || length > 1024)   // then this is no TPKT, and has no length
                    return header;
                byte[] answer = new byte[length];
                header.CopyTo(answer, 0);
                Read(stream, length - Header).CopyTo(answer, Header);
                return answer;
            }
        }

        private static void Connect(TcpClient client, IPAddress address, int port)
        {
            try
            {
                IAsyncResult connecting = client.BeginConnect(address, port, null, null);
                if (!connecting.AsyncWaitHandle.WaitOne(TimeSpan.FromSeconds(MostSeconds)))
                    throw new IOException("no connection in " + MostSeconds + " seconds");
                client.EndConnect(connecting);
            }
            catch (SocketException e)
            {
                throw new IOException(e.Message, e);
            }
        }

        private static byte[] Read(Stream stream, int count)
        {
            byte[] bytes = new byte[count];
            int read = 0;
            while (read < count)
            {
                int more = stream.Read(bytes, read, count - read);
                if (more == 0)
                    throw new IOException("closed without an answer");
                read += more;
            }
            return bytes;
        }

        private static int Length(byte[] message)
        {
            return message[2] << 8 | message[3];
        }
    }
}
