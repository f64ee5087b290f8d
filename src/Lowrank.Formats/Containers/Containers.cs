using System.Buffers.Binary;
using System.Text;

namespace Lowrank.Formats;

/// <summary>The kinds of files that hold named tensors.</summary>
public static class Containers
{
    const int HeadBytes = 16;

    static readonly NamedList<Container> list = new("container", container => [container.Name],
        new Container(Safetensors.ContainerName, IsSafetensors, Safetensors.Open),
        new Container(TorchPickle.ZipName, head => head.AsSpan().StartsWith("PK\x03\x04"u8), TorchPickle.Open),
        new Container(TorchPickle.LegacyName, head => head is [0x80, <= 5, ..], TorchPickle.Open),
        new Container(Gguf.ContainerName, head => head.AsSpan().StartsWith("GGUF"u8), Gguf.Open));

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Container> All => list.All;

    /// <summary>Adds one, where a program starts.</summary>
    public static void Add(Container container) => list.Add(container);

    /// <summary>Opens a file as what it is, whatever its name ends in. Loads no libtorch.</summary>
    /// <exception cref="LowrankException">It is none of the known kinds, or a damaged one.</exception>
    public static ITensorFile Open(string path)
    {
        var head = Head(path);
        if (All.FirstOrDefault(container => container.Recognizes(head)) is { } found) return found.Open(path);
        if (IsDamagedSafetensors(path, head)) return Safetensors.Open(path);
        string names = string.Join(", ", All.Select(container => container.Name));
        throw new LowrankException($"{path} {Guess(head)}. Files that can be read: {names}.");
    }

    /// <summary>The name of the container that a file begins as: "safetensors"; null where it is none, or cannot be read.</summary>
    public static string? KindOf(string path)
    {
        try
        {
            var head = Head(path);
            return All.FirstOrDefault(container => container.Recognizes(head))?.Name;
        }
        catch (LowrankException)
        {
            return null;
        }
    }

    // Too damaged to be recognized: the reader that the name asks for tells the cause best.
    static bool IsDamagedSafetensors(string path, byte[] head)
    {
        if (Path.GetExtension(path) != ".safetensors" || head.Length == 0) return false;
        return !IsText(head);
    }

    // A header's length has zeros; what has none and no other control characters was never a file of tensors.
    static bool IsText(byte[] head) => head.Length >= 4 && head.All(IsOfText);

    static bool IsOfText(byte b) => b >= 0x20 && b is not (0x7f or 0xff) || b is (byte)'\t' or (byte)'\r' or (byte)'\n';

    static byte[] Head(string path)
    {
        using var file = FileBytes.Open(path);
        var head = new byte[HeadBytes];
        return head[..file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false)];
    }

    static bool IsSafetensors(byte[] head) =>
        head.Length > 8 && BinaryPrimitives.ReadUInt64LittleEndian(head) <= SafetensorsHeader.MaxLength
        && head[8] is (byte)'{' or (byte)' ' or (byte)'\n' or (byte)'\t' or (byte)'\r';

    static string Guess(byte[] head) => Encoding.Latin1.GetString(head) switch
    {
        "" => "is empty (is the download incomplete?)",
        var text when text.TrimStart() is ['<', ..] => "looks like a web page: a download that failed, or wanted a login",
        var text when IsText(head) && text.TrimStart() is ['{' or '[' or '"', ..] =>
            $"looks like a server's answer in JSON, not like tensors: a download that failed, or wanted a login (it begins with {text})",
        var text when text.StartsWith("version ", StringComparison.Ordinal) =>
            "looks like a pointer of git-lfs, not the file itself: fetch it with git lfs pull",
        var text when IsText(head) => $"is a text, not a file of tensors: a download that failed? (it begins with {text})",
        _ => $"holds no known kind of tensors (it begins with the bytes {Convert.ToHexString(head)})",
    };
}
