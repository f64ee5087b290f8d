namespace Lowrank.Formats;

/// <summary>What a pickle may ask for, so that no file takes more memory than twice its size and 64 MB, however its values refer to each
/// other. A checkpoint of a thousand tensors has 50,000 opcodes, 2,000 values, names of 100,000 characters and a pickle of 250
/// kB.</summary>
/// <param name="fileBytes">The whole file's size, storages included.</param>
sealed class PickleLimits(long fileBytes)
{
    /// <summary>Levels of values in values; each is a call on the stack.</summary>
    internal const int Levels = 100;

    /// <summary>Bytes of a text.</summary>
    internal const int TextBytes = 16 << 20;

    /// <summary>Bytes of a whole number, which takes quadratic time to print.</summary>
    internal const int NumberBytes = 256;

    /// <summary>Opcodes and the values that calls copy: each makes at most 128 bytes.</summary>
    internal long Steps { get; } = 300_000 + fileBytes / 64;

    /// <summary>Values by path, a shared one counted wherever it stands: each is kept in at most 200 bytes.</summary>
    internal long Values { get; } = 150_000 + fileBytes / 200;

    /// <summary>Characters of all paths together, of 2 bytes.</summary>
    internal long NameCharacters { get; } = 4_000_000 + fileBytes / 16;

    /// <summary>Bytes of an archive's pickle, which is held in memory while its texts are made.</summary>
    internal long PickleBytes { get; } = (8 << 20) + fileBytes / 8;

    /// <summary>Bytes of a storage once unpacked.</summary>
    internal long StorageBytes { get; } = (16 << 20) + fileBytes * 2;
}
