using System.Buffers.Binary;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Changes that know nothing of what they change. The head of a file, where most of its structure lies, is changed more often than its rest.</summary>
public static class ByteMutations
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("a bit turned", (bytes, random) => Changed(bytes, random, 1, part => part[0] ^= (byte)(1 << random.Next(8)))),
        new("bits turned", (bytes, random) =>
            bytes.Length == 0 ? null : Enumerable.Range(0, random.Next(2, 30)).Aggregate((byte[]?)bytes, (some, _) => Changed(some!, random, 1, part => part[0] ^= (byte)(1 << random.Next(8))))),
        new("a byte", (bytes, random) => Changed(bytes, random, 1, part => part[0] = (byte)random.Next(256))),
        new("a number of 2 bytes", (bytes, random) =>
            Changed(bytes, random, 2, part => BinaryPrimitives.WriteInt16LittleEndian(part, unchecked((short)Hostile.Numbers.Any(random))))),
        new("a number of 4 bytes", (bytes, random) =>
            Changed(bytes, random, 4, part => BinaryPrimitives.WriteInt32LittleEndian(part, unchecked((int)Hostile.Numbers.Any(random))))),
        new("a number of 8 bytes", (bytes, random) =>
            Changed(bytes, random, 8, part => BinaryPrimitives.WriteInt64LittleEndian(part, Hostile.Numbers.Any(random)))),
        new("noise", (bytes, random) => Changed(bytes, random, Math.Min(bytes.Length, random.Next(1, 64)), random.NextBytes)),
        new("cut off", (bytes, random) => bytes[..random.Next(bytes.Length + 1)]),
        new("cut off near the end", (bytes, random) => bytes[..Math.Max(0, bytes.Length - random.Next(1, 64))]),
        new("zeros behind it", (bytes, random) => [.. bytes, .. new byte[random.Next(1, 100)]]),
        new("itself behind it", (bytes, _) => [.. bytes, .. bytes]),
        new("a part taken out", (bytes, random) => Part(bytes, random) is var (at, length) ? [.. bytes[..at], .. bytes[(at + length)..]] : null),
        new("a part doubled", (bytes, random) => Part(bytes, random) is var (at, length) ? [.. bytes[..(at + length)], .. bytes[at..]] : null),
        new("a part moved", (bytes, random) =>
            Part(bytes, random) is var (at, length) ? Moved([.. bytes[..at], .. bytes[(at + length)..]], bytes[at..(at + length)], random) : null),
    ];

    static byte[]? Changed(byte[] bytes, Random random, int length, Action<byte[]> change)
    {
        if (bytes.Length < length || length == 0) return null;
        int at = Place(bytes.Length - length + 1, random);
        byte[] part = bytes[at..(at + length)];
        change(part);
        return [.. bytes[..at], .. part, .. bytes[(at + length)..]];
    }

    static byte[] Moved(byte[] rest, byte[] part, Random random)
    {
        int to = Place(rest.Length + 1, random);
        return [.. rest[..to], .. part, .. rest[to..]];
    }

    static (int At, int Length)? Part(byte[] bytes, Random random)
    {
        if (bytes.Length == 0) return null;
        int at = Place(bytes.Length, random);
        return (at, random.Next(1, Math.Min(200, bytes.Length - at) + 1));
    }

    static int Place(int count, Random random) => random.Next(3) == 0 ? random.Next(Math.Min(64, count)) : random.Next(count);
}
