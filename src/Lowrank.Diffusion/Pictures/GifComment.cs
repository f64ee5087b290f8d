using System.Text;

namespace Lowrank.Diffusion;

/// <summary>The comment of a GIF (GIF89a, section 24): blocks of at most 255 bytes.</summary>
public static class GifComment
{
    const byte Extension = 0x21, Comment = 0xFE, Frame = 0x2C;

    const int HeaderLength = 13, FrameLength = 10, LargestBlock = 255;

    /// <summary>The GIF with a comment before its first frame; as it is for an empty one.</summary>
    public static byte[] Insert(byte[] gif, string text)
    {
        if (text.Length == 0) return gif;
        int at = HeaderLength + TableLength(gif[10]);
        var blocks = Encoding.UTF8.GetBytes(text).Chunk(LargestBlock).SelectMany(block => block.Prepend((byte)block.Length));
        return [.. "GIF89a"u8, .. gif.AsSpan(6, at - 6), Extension, Comment, .. blocks, 0, .. gif.AsSpan(at)];
    }

    /// <summary>The comments, a line each; null if there is none, or this is no GIF.</summary>
    public static string? Find(ReadOnlySpan<byte> gif)
    {
        if (!gif.StartsWith("GIF8"u8) || gif.Length < HeaderLength) return null;
        var comments = new List<string>();
        for (int at = HeaderLength + TableLength(gif[10]); at + 1 < gif.Length;)
        {
            bool isComment = gif[at] == Extension && gif[at + 1] == Comment;
            if (gif[at] == Extension) at += 2;
            else if (gif[at] == Frame && at + FrameLength < gif.Length) at += FrameLength + TableLength(gif[at + 9]) + 1;
            else break;   // the end, or damage
            var bytes = Blocks(gif, ref at);
            if (isComment) comments.Add(Encoding.UTF8.GetString(bytes));
        }
        return comments.Count > 0 ? string.Join('\n', comments) : null;
    }

    static byte[] Blocks(ReadOnlySpan<byte> gif, ref int at)
    {
        var bytes = new List<byte>();
        while (at < gif.Length && gif[at] != 0)
        {
            int end = Math.Min(gif.Length, at + 1 + gif[at]);
            bytes.AddRange(gif[(at + 1)..end]);
            at = end;
        }
        at++;
        return [.. bytes];
    }

    // Of the colours that a screen or a frame brings, three bytes each.
    static int TableLength(byte flags) => (flags & 0x80) != 0 ? 3 << ((flags & 7) + 1) : 0;
}
