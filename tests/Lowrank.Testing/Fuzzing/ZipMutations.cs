using System.Text;

namespace Lowrank.Testing.Fuzzing;

/// <summary>Changes of a zip archive: of what its directory claims, of its members, and of the pickle in it.</summary>
public static class ZipMutations
{
    static readonly Lazy<ZipMember> bomb = new(() => new ZipMember([], new byte[48 << 20], 0, 0, 0).Deflated());

    /// <summary>Those of the pickle, in an archive that is whole.</summary>
    public static IReadOnlyList<Mutation> OfPickle { get; } = [.. PickleMutations.All.Select(mutation => new Mutation(mutation.Name, (bytes, random) => Edit(bytes, members =>
    {
        int at = members.FindIndex(member => member.Name.AsSpan().EndsWith("data.pkl"u8));
        if (at < 0 || members[at].Content is not { } pickle || mutation.Change(pickle, random) is not { } changed) return false;
        members[at] = members[at].With(changed);
        return true;
    })))];

    /// <summary>Those of the archive.</summary>
    public static IReadOnlyList<Mutation> All { get; } =
    [
        Member("another name", (member, random) => member with { Name = Bytes(Hostile.Names.Any(random)) }),
        Member("a name that leads out", (member, random) => member with { Name = [.. member.Name, .. Bytes("/" + Hostile.Names.Any(random))] }),
        Member("a name that is no UTF-8", (member, _) => member with { Name = [0xff, 0xfe, .. member.Name], Flags = 1 << 11 }),
        Member("another name at the member", (member, random) => member with { LocalName = Bytes(Hostile.Names.Any(random)) }),
        Member("packed", (member, _) => member.Deflated()),
        Member("a bomb", (member, _) => bomb.Value with { Name = member.Name }),
        Member("a bomb of small claim", (member, _) => bomb.Value with { Name = member.Name, Size = member.Size }),
        Member("packed, with another length", (member, random) => member.Deflated() is var packed ? packed with { Size = packed.Size + (ulong)random.Next(-9, 2000) } : null!),
        Member("packed and spoilt", (member, random) => member.Deflated() is var packed && ByteMutations.All.Any(random).Change(packed.Packed, random) is { } bytes ? packed with { Packed = bytes } : member),
        Member("another content", (member, random) => ByteMutations.All.Any(random).Change(member.Packed, random) is { } bytes ? member.With(bytes) : member),
        Member("a wrong check sum", (member, random) => member with { Crc = (uint)random.Next() }),
        Member("another length", (member, random) => member with { Size = (ulong)Hostile.Numbers.Any(random) }),
        Member("another packed length", (member, random) => member with { PackedSize = (ulong)Hostile.Numbers.Any(random) }),
        Member("lengths a little off", (member, random) => random.Next(-9, 10) is var by ? member with { Size = member.Size + (ulong)by, PackedSize = member.PackedSize + (ulong)by } : member),
        Member("another place", (member, random) => member with { Offset = (ulong)Hostile.Numbers.Any(random) }),
        Member("a place inside others", (member, random) => member with { Offset = (ulong)random.Next(2000) }),
        Member("fields of 64 bits", (member, _) => member with { IsLong = true }),
        Member("a length of 64 bits", (member, random) => member with { IsLong = true, Size = (ulong)Hostile.Numbers.Any(random), PackedSize = random.Next(2) == 0 ? member.PackedSize : (ulong)Hostile.Numbers.Any(random) }),
        Member("a place of 64 bits", (member, random) => member with { IsLong = true, Offset = (ulong)Hostile.Numbers.Any(random) }),
        Member("another method", (member, random) => member with { Method = new ushort[] { 0, 1, 6, 8, 9, 12, 14, 93, 95, 99, 65535 }.Any(random) }),
        Member("flags", (member, random) => member with { Flags = (ushort)(1 << random.Next(16)) }),
        new("zip: a member taken out", (bytes, random) =>
            Edit(bytes, members => { members.RemoveAt(random.Next(members.Count)); return members.Count > 0; })),
        new("zip: a member twice", (bytes, random) => Edit(bytes, members => { members.Add(members.Any(random)); return true; })),
        new("zip: a member more", (bytes, random) =>
            Edit(bytes, members => { members.Insert(0, members.Any(random) with { Name = Bytes(Hostile.Names.Any(random)) }); return true; })),
        new("zip: members by the thousand", (bytes, random) =>
            Edit(bytes, members => { members.AddRange(Enumerable.Range(0, 3000).Select(i => members[0] with { Name = Bytes($"x/{i}"), Packed = [], PackedSize = 0, Size = 0, Method = 0 })); return true; })),
        new("zip: names exchanged", (bytes, random) =>
            Edit(bytes, members => { int i = random.Next(members.Count), j = random.Next(members.Count); (members[i], members[j]) = (members[i] with { Name = members[j].Name }, members[j] with { Name = members[i].Name }); return true; })),
        new("zip: the pickle of a program", (bytes, random) =>
            Edit(bytes, members => { members.Add(members[0] with { Name = [.. members[0].Name.TakeWhile(c => c != '/'), .. "/constants.pkl"u8] }); return true; })),
        new("zip: a number of the end's record", (bytes, random) =>
            End(bytes) is { } end ? Put(bytes, end + new[] { 4, 6, 8, 10, 12, 16, 20 }.Any(random), BitConverter.GetBytes(Hostile.Numbers.Any(random))[..random.Next(2, 5)]) : null),
        new("zip: an end's record of 64 bits", LongEnd),
        new("zip: a comment", (bytes, random) => [.. bytes, .. Bytes(Hostile.Names.Any(random))]),
    ];

    static Mutation Member(string name, Func<ZipMember, Random, ZipMember> change) => new($"zip: {name}", (bytes, random) => Edit(bytes, members =>
    {
        int at = random.Next(members.Count);
        members[at] = change(members[at], random);
        return true;
    }));

    static byte[]? Edit(byte[] bytes, Func<List<ZipMember>, bool> change) =>
        ZipLayout.Read(bytes) is { Count: > 0 } members && change(members) ? ZipLayout.Write(members) : null;

    static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text) is { Length: > 65_000 } long_ ? long_[..65_000] : Encoding.UTF8.GetBytes(text);

    static int? End(byte[] bytes) => bytes.Length >= ZipLayout.EndLength ? bytes.Length - ZipLayout.EndLength : null;

    static byte[]? Put(byte[] bytes, int at, byte[] part) => at + part.Length > bytes.Length ? null : [.. bytes[..at], .. part, .. bytes[(at + part.Length)..]];

    // The numbers of the old record say that those of a longer one count, which lies before it.
    static byte[]? LongEnd(byte[] bytes, Random random)
    {
        if (End(bytes) is not { } end) return null;
        long count = BitConverter.ToUInt16(bytes, end + 10), size = BitConverter.ToUInt32(bytes, end + 12), place = BitConverter.ToUInt32(bytes, end + 16);
        long[] numbers = [44, 45 | 45 << 16, 0, count, count, size, place];
        if (random.Next(4) > 0) numbers[random.Next(numbers.Length)] = Hostile.Numbers.Any(random);
        byte[] record = [.. "PK\x06\x06"u8, .. BitConverter.GetBytes(numbers[0]), .. BitConverter.GetBytes((int)numbers[1]), .. BitConverter.GetBytes(numbers[2]), .. numbers[3..].SelectMany(BitConverter.GetBytes)];
        byte[] locator = [.. "PK\x06\x07"u8, 0, 0, 0, 0, .. BitConverter.GetBytes(random.Next(4) == 0 ? Hostile.Numbers.Any(random) : end), 1, 0, 0, 0];
        byte[] old = [.. bytes[end..(end + 8)], .. Enumerable.Repeat((byte)0xff, 12), 0, 0];
        return [.. bytes[..end], .. record, .. locator, .. old];
    }
}
