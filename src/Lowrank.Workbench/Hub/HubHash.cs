using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Workbench;

/// <summary>Hashes a file as it arrives, the way the hub does: SHA-256 of large ones, git's hash of small ones.</summary>
sealed class HubHash : IDisposable
{
    readonly HubFile file;
    readonly IncrementalHash hash;

    /// <summary>Begins.</summary>
    /// <param name="file">The file that is to arrive.</param>
    public HubHash(HubFile file)
    {
        this.file = file;
        hash = IncrementalHash.CreateHash(file.IsSha256 ? HashAlgorithmName.SHA256 : HashAlgorithmName.SHA1);
        Begin();
    }

    /// <summary>Begins anew.</summary>
    public void Restart()
    {
        hash.GetHashAndReset();
        Begin();
    }

    // As git hashes a blob.
    void Begin()
    {
        if (!file.IsSha256) hash.AppendData(Encoding.ASCII.GetBytes($"blob {file.Size}\0"));
    }

    /// <summary>Adds what arrived.</summary>
    public void Add(ReadOnlySpan<byte> bytes) => hash.AppendData(bytes);

    /// <summary>The hash, hexadecimal.</summary>
    public string End() => Convert.ToHexStringLower(hash.GetHashAndReset());

    public void Dispose() => hash.Dispose();
}
