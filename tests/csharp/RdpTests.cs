// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using Ansible.WorkplaceSessionsRdp;

namespace Werkplek.Tests
{
    public static class RdpTests
    {
        /// <summary>What the probe makes of a server that sends these bytes and closes.</summary>
        private static string Probed(params byte[] answer)
        {
            TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            byte[] asked = new byte[Rdp.Request.Length];
            Thread server = new Thread(() =>
            {
                using (TcpClient client = listener.AcceptTcpClient())
                {
                    NetworkStream stream = client.GetStream();
                    for (int read = 0; read < asked.Length;)
                        read += stream.Read(asked, read, asked.Length - read);
                    foreach (byte each in answer)   // TCP may deliver them one by one
                        stream.WriteByte(each);
                }
            });
            server.Start();
            try
            {
                return Rdp.Problem(Rdp.Ask(IPAddress.Loopback, ((IPEndPoint)listener.LocalEndpoint).Port, Rdp.Request));
            }
            catch (IOException e)
            {
                return e.Message;
            }
            finally
            {
                server.Join();
                listener.Stop();
                Check.Equal("03-00-00-13-0E-E0-00-00-00-00-00-01-00-08-00-0B-00-00-00", BitConverter.ToString(asked));
            }
        }

        public static void AConnectionConfirmIsWhatTheSpecificationSays()
        {
            Check.Equal(null, Probed(3, 0, 0, 11, 6, 0xD0, 0, 0, 0x12, 0x34, 0));
            Check.Equal(null, Probed(3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0x1F, 8, 0, 2, 0, 0, 0));
            Check.Equal("refuses with HYBRID_REQUIRED_BY_SERVER", Probed(3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 3, 0, 8, 0, 5, 0, 0, 0));
            Check.Equal("an unknown negotiation: 03-00-00-13-0E-D0-00-00-12-34-00-03-00-08-00-09-00-00-00",
                Probed(3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 3, 0, 8, 0, 9, 0, 0, 0));
        }

        public static void OtherAnswersAreNoConfirm()
        {
            Check.Equal("not an X.224 connection confirm: 03-00-00-0B-06-80-00-00-12-34-00", Probed(3, 0, 0, 11, 6, 0x80, 0, 0, 0x12, 0x34, 0));
            Check.Equal("not an X.224 connection confirm: 48-54-54-50", Probed((byte)'H', (byte)'T', (byte)'T', (byte)'P', (byte)'/'));
            Check.Equal("not an X.224 connection confirm: 03-00-00-04", Probed(3, 0, 0, 4));
            Check.Equal("closed without an answer", Probed());
            Check.Equal("closed without an answer", Probed(3, 0, 0, 11, 6));
        }

        public static void APortThatNobodyListensOnIsSaid()
        {
            TcpListener listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            int port = ((IPEndPoint)listener.LocalEndpoint).Port;
            listener.Stop();
            Check.Equal("Connection refused", Check.Failure(() => Rdp.Ask(IPAddress.Loopback, port, Rdp.Request)));
        }
    }
}
