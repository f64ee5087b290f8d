using System.Runtime.InteropServices;

namespace Lowrank.Torch;

/// <summary>Whether a path leads to a file of bytes: a named pipe, a device or a socket would be waited for without end.</summary>
public static class FileKind
{
    // Of a mode: the kind is in the highest four bits.
    const int Kinds = 0xf000, Pipe = 0x1000, CharacterDevice = 0x2000, BlockDevice = 0x6000, Regular = 0x8000, Socket = 0xc000;

    // struct statx, the same on every processor: its size, and where mode, number and device stand.
    const int StatxBytes = 256, StatxMode = 28, StatxNumber = 32, StatxDevice = 136, HereInstead = -100, AskForKindAndNumber = 0x101;

    // struct stat of macOS with 64-bit inodes.
    const int StatBytes = 144, StatMode = 4, StatNumber = 8;

    /// <summary>
    /// What a path leads to, where that is neither a file nor a folder: "a named pipe", "a device", "a socket"; null for anything else, and
    /// where the system does not tell.
    /// </summary>
    public static string? NotRegular(string path) => (ModeOf(path) & Kinds) switch
    {
        Pipe => "a named pipe",
        CharacterDevice or BlockDevice => "a device",
        Socket => "a socket",
        _ => null,
    };

    /// <summary>Throws where a path leads to no file of bytes.</summary>
    /// <exception cref="LowrankException">It is a named pipe, a device or a socket.</exception>
    public static void RequireRegular(string path)
    {
        if (NotRegular(path) is { } kind)
            throw new LowrankException($"{path} is not a regular file but {kind}. Write what it gives into a file first, and give that.");
    }

    /// <summary>
    /// A text that two paths share where they lead to one file, by links of either kind; the full path where the system does not tell.
    /// </summary>
    public static string IdentityOf(string path)
    {
        if (Told(path) is not { } told) return Path.GetFullPath(path);
        return OperatingSystem.IsLinux()
            ? $"{BitConverter.ToUInt64(told, StatxDevice)}:{BitConverter.ToUInt64(told, StatxNumber)}"
            : $"{BitConverter.ToUInt32(told, 0)}:{BitConverter.ToUInt64(told, StatNumber)}";
    }

    static int ModeOf(string path) =>
        Told(path) is { } told ? BitConverter.ToUInt16(told, OperatingSystem.IsLinux() ? StatxMode : StatMode) : Regular;

    // What the system tells of a path; null where it does not.
    static byte[]? Told(string path)
    {
        try
        {
            if (OperatingSystem.IsLinux()) return ToldByLinux(path);
            return OperatingSystem.IsMacOS() ? ToldByMac(path) : null;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    static byte[]? ToldByLinux(string path)
    {
        byte[] told = new byte[StatxBytes];
        return statx(HereInstead, path, 0, AskForKindAndNumber, told) == 0 ? told : null;
    }

    static byte[]? ToldByMac(string path)
    {
        byte[] told = new byte[StatBytes];
        bool isArm = RuntimeInformation.ProcessArchitecture == Architecture.Arm64;
        int failed = isArm ? stat(path, told) : StatOfIntel(path, told);
        return failed == 0 ? told : null;
    }

    [DllImport("libc", ExactSpelling = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    static extern int statx(int folder, string path, int flags, uint mask, byte[] told);

    [DllImport("libc", ExactSpelling = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    static extern int stat(string path, byte[] told);

    [DllImport("libc", EntryPoint = "stat$INODE64", ExactSpelling = true, CharSet = CharSet.Ansi, BestFitMapping = false,
        ThrowOnUnmappableChar = true)]
    static extern int StatOfIntel(string path, byte[] told);
}
