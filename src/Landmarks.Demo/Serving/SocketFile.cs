using System.Net.Sockets;
using Microsoft.ML.Landmarks.Files;

namespace Landmarks.Demo.Serving;

/// <summary>The file of a Unix socket, which stays where its program is killed, and keeps others from listening there.</summary>
internal static class SocketFile
{
    /// <summary>Makes room for a socket: one to which nobody listens any more is deleted.</summary>
    /// <param name="path">Its place.</param>
    /// <exception cref="IOException">There is no such folder, another program listens there, or what stands there is no socket.</exception>
    public static void MakeRoom(string path)
    {
        if (Path.GetDirectoryName(path) is { } folder && !Directory.Exists(folder))
            throw FileErrors.FolderMissing(folder);
        // Where the system does not tell what stands there, listening will.
        if (FileStatus.Of(path, followsLinks: false) is not { } status)
            return;
        if (status.Kind is not FileKind.Socket)
            throw Errors.NoSocket(path);
        if (HasListener(path))
            throw Errors.SocketTaken(path);
        File.Delete(path);
    }

    // One who listens and takes nobody for now is there all the same.
    private static bool HasListener(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified) { Blocking = false };
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint(path));
            return true;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is not SocketError.ConnectionRefused;
        }
    }
}
