using System.Buffers.Binary;
using NetVips;

namespace Lowrank.Graphs;

/// <summary>Grey PNG files of 16 bits a pixel, which Pillow and with it ComfyUI cut at 255 of 65535 instead of scaling them.</summary>
static class DeepGrey
{
    // The PNG standard, section 11.2.1: where the header says the depth, and the kind of colour behind it.
    const int DepthAt = 24;

    /// <summary>Whether the file is one.</summary>
    public static bool Is(string path)
    {
        Span<byte> head = stackalloc byte[DepthAt + 2];
        using var stream = File.OpenRead(path);
        if (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length) return false;
        bool isPng = BinaryPrimitives.ReadUInt64BigEndian(head) == 0x89504E470D0A1A0A;
        return isPng && head[DepthAt] == 16 && head[DepthAt + 1] == 0;
    }

    /// <summary>The picture as ComfyUI sees it.</summary>
    public static Picture CutAt255(string path)
    {
        using var stored = Image.NewFromFile(path);
        ushort[] levels = stored.WriteToMemory<ushort>();
        var pixels = new byte[3 * levels.Length];
        for (int i = 0; i < levels.Length; i++) pixels.AsSpan(3 * i, 3).Fill((byte)Math.Min(levels[i], (ushort)255));
        return new(stored.Width, stored.Height, pixels);
    }
}
