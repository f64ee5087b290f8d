using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Lowrank.Formats.Tests;

/// <summary>Pickles that call things, lie about sizes or never end: each is refused with its cause, in both kinds of files, and nothing
/// runs.</summary>
public sealed class HostilePickleTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static Stored Floats(long count, long offset, long[] shape, long[] strides) => new("FloatStorage", "0", count, offset, shape, strides);

    static Action<PickleWriter> Do(Action<PickleWriter> write) => write;

    static readonly (string What, string Cause, Action<PickleWriter> Write)[] pickles =
    [
        ("a call of the system", "posix.system", w => w.Global("posix", "system").Tuple("true").Call()),
        ("a call of a builtin", "builtins.eval", w => w.Global("builtins", "eval").Tuple("1").Call()),
        ("a dangerous name never called", "nt.system", w => w.Value(new object?[] { Do(p => p.Global("nt", "system")) })),
        ("a function of torch that is not listed", "torch.hub.load", w => w.Global("torch.hub", "load").Tuple("x").Call()),
        ("a name that continues another", "torch._utils._rebuild_tensor_v2.x", w => w.Global("torch._utils", "_rebuild_tensor_v2.x")),
        ("a class put together on the stack", "os.system", w => w.Value("os").Value("system").Raw(0x93).Tuple("true").Call()),
        ("a new object of a class", "subprocess.Popen", w => w.Global("subprocess", "Popen").Tuple("true").Raw(0x81)),
        ("INST", "opcode 0x69", w => w.Raw((byte)'(').Raw("ios\nsystem\n"u8.ToArray())),
        ("OBJ", "opcode 0x6f", w => w.Raw((byte)'(').Global("torch", "Size").Raw((byte)'o')),
        ("the extension registry", "opcode 0x82", w => w.Raw(0x82, 1)),
        ("a storage class that is called", "not a name to call", w => w.Global("torch", "FloatStorage").Tuple(3).Call()),
        ("a call of what is no name", "calls something that is no name", w => w.Value("text").Tuple().Call()),
        ("a state for a tensor", "state of an object", w => w.Value(Floats(3, 0, [3], [1])).Value(new Dictionary<string, object?>()).Raw((byte)'b')),
        ("arguments that do not fit", "other kinds than torch writes", w => w.Global("torch._utils", "_rebuild_tensor_v2").Tuple("a", "b").Call()),
        ("complex numbers", "torch.ComplexFloatStorage", w => w.Value(Floats(3, 0, [3], [1]) with { Storage = "ComplexFloatStorage" })),
        ("a tensor beyond its storage", "reaches beyond the 3 elements", w => w.Value(Floats(3, 1, [3], [1]))),
        ("a stride beyond its storage", "reaches beyond the 3 elements", w => w.Value(Floats(3, 0, [2], [3]))),
        ("a negative shape", "negative number", w => w.Value(Floats(3, 0, [-1], [1]))),
        ("a negative stride", "negative number", w => w.Value(Floats(3, 2, [2], [-1]))),
        ("a negative offset", "negative number", w => w.Value(Floats(3, -1, [2], [1]))),
        ("a shape that overflows", "63 bits", w => w.Value(Floats(3, 0, [1L << 62, 1L << 62], [0, 0]))),
        ("an empty shape that overflows", "63 bits", w => w.Value(Floats(3, 0, [0, 1L << 62, 1L << 62], [0, 0, 0]))),
        ("strides that overflow", "63 bits", w => w.Value(Floats(3, 0, [1 << 20, 1], [1L << 62, 1]))),
        ("elements repeated without end", "repeats", w => w.Value(Floats(3, 0, [1L << 40], [0]))),
        ("more axes than strides", "axes", w => w.Value(Floats(3, 0, [1, 1], [1]))),
        ("a storage longer than its bytes", "storage", w => w.Value(Floats(1L << 40, 0, [1L << 40], [1]))),
        ("a storage that is missing", "storage", w => w.Value(Floats(3, 0, [3], [1]) with { Key = "7" })),
        ("a storage outside", "storage", w => w.Value(Floats(3, 0, [3], [1]) with { Key = "../../x" })),
        ("a text longer than the file", "too early", w => w.Raw((byte)'X', 0, 0, 0, 1)),
        ("a text of 2^63 bytes", "more than the", w => w.Raw(0x8d, 0, 0, 0, 0, 0, 0, 0, 0x80)),
        ("a number of a gigabyte", "more than the", w => w.Raw(0x8b, 0, 0, 0, 0x40)),
        ("a number of 20 kB", "more than the 256 allowed", w => w.Raw(0x8b, 0, 0x50, 0, 0).Raw(new byte[0x5000])),
        ("axes without end", "65 axes", w => w.Value(Floats(3, 0, [.. Enumerable.Repeat(1L, 65)], [.. Enumerable.Repeat(1L, 65)]))),
        ("a key of tuples in tuples", "nested deeper", w => w.Raw((byte)'}', (byte)'N').Raw([.. Enumerable.Repeat((byte)0x85, 50_000)]).Raw((byte)'N', (byte)'s')),
        ("a key of tuples that double", "values", w => w.Raw((byte)'}', (byte)')').Raw([.. Enumerable.Repeat(new byte[] { (byte)'2', 0x86 }, 60).SelectMany(code => code)]).Raw((byte)'N', (byte)'s')),
        ("a long name of many", "characters", w => w.Raw((byte)'}').Value(new string('x', 100_000)).Value(new object?[1000]).Raw((byte)'s')),
        ("objects without end", "steps", w => w.Raw([.. Enumerable.Repeat((byte)'}', 500_000)])),
        ("a list that is copied without end", "steps", w => w.Global("collections", "OrderedDict").Raw((byte)'q', 0).Value(Enumerable.Repeat((object?)new object?[] { "a", 1 }, 1000).ToArray()).Raw(0x85, (byte)'q', 1).Raw([.. Enumerable.Repeat("h\0h\u0001R"u8.ToArray(), 2000).SelectMany(code => code)])),
        ("an empty stack", "where there is none", w => w.Raw((byte)'0')),
        ("a mark that is missing", "mark", w => w.Raw((byte)'t')),
        ("a memo that is missing", "has not kept", w => w.Raw((byte)'h', 7)),
        ("a key without a value", "without a value", w => w.Raw((byte)'}', (byte)'(', (byte)'N', (byte)'u')),
        ("an append to a text", "list that is none", w => w.Value("text").Value(1).Raw((byte)'a')),
        ("protocol 9", "protocol 9", w => w.Raw(0x80, 9)),
        ("a list within itself", "contain themselves", w => w.Raw((byte)']', (byte)'q', 0, (byte)'h', 0, (byte)'a')),
        ("lists that double sixty times", "values", Doubling),
        ("one name for two tensors", "name 'a.b'", w => w.Raw((byte)'}', (byte)'(').Value("a.b").Value(Floats(3, 0, [3], [1])).Value("a").Value(new Dictionary<string, object?> { ["b"] = Floats(3, 0, [3], [1]) }).Raw((byte)'u')),
        ("one key for two tensors", "name 'a'", w => w.Raw((byte)'}', (byte)'(').Value("a").Value(Floats(3, 0, [3], [1])).Value("a").Value(Floats(3, 0, [3], [1])).Raw((byte)'u')),
        ("a tensor as a key", "no plain value", w => w.Raw((byte)'}').Value(Floats(3, 0, [3], [1])).Value(1).Raw((byte)'s')),
    ];

    public static TheoryData<string> Pickles => [.. pickles.Select(pickle => pickle.What)];

    // A list of two references to a list of two references to ...
    static void Doubling(PickleWriter writer)
    {
        writer.Raw((byte)']');
        for (int i = 0; i < 60; i++) writer.Raw((byte)'q', 0, (byte)'0', (byte)']', (byte)'(', (byte)'h', 0, (byte)'h', 0, (byte)'e');
    }

    [Theory, MemberData(nameof(Pickles))]
    public void AHarmfulPickleIsRefusedWithItsCause(string what)
    {
        var (_, cause, write) = pickles.First(pickle => pickle.What == what);
        var pickle = PickleWriter.Of(write);
        byte[] floats = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3 }).ToArray();
        Refused("x.pt", PickleWriter.Zip(pickle, [floats]), cause);
        Refused("x.ckpt", PickleWriter.Legacy(pickle, (3, floats)), cause);
    }

    [Fact]
    public void ADamagedLegacyFileIsRefusedWithItsCause()
    {
        byte[] floats = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3 }).ToArray();
        var pickle = PickleWriter.Of(Floats(3, 0, [3], [1]));
        Refused("x", PickleWriter.Of("text"), "not one of torch.save");
        Refused("x", PickleWriter.Legacy(pickle, (4, floats)), "4 elements here, and was described with 3");
        Refused("x", PickleWriter.Legacy(pickle, (3, floats), (3, floats)), "belongs to no tensor");
        Refused("x", PickleWriter.Legacy(pickle), "is missing");
        Refused("x", PickleWriter.Legacy(pickle, (3, floats[..11])), "beyond the end");
        Refused("x", [.. PickleWriter.Legacy(pickle, (3, floats)), 0], "belong to nobody");
        Refused("x", PickleWriter.Legacy(PickleWriter.Of(Floats(3, 0, [1], [1]) with { View = w => w.Tuple("v", 2, 2) }), (3, floats)), "leads out");
    }

    [Fact]
    public void ADamagedZipIsRefusedWithItsCause()
    {
        byte[] floats = MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3 }).ToArray();
        var pickle = PickleWriter.Of(Floats(3, 0, [3], [1]));
        byte[] Zip(string name) => PickleWriter.Zip(pickle, [floats], more: (name, [1]));
        foreach (string name in new[] { "../x", "a/../../x", "/x", "C:\\x", "a\\..\\x" }) Refused("x", Zip(name), "leads out of the archive");
        Refused("x", Zip("archive/data/0"), "two members");
        Refused("x", Zip("archive/constants.pkl"), "TorchScript");
        Refused("x", Zip("other/data.pkl"), "several data.pkl");
        Refused("x", PickleWriter.Zip(pickle, []), "is not in the archive");
        Refused("x", PickleWriter.Zip(pickle, [floats[..11]]), "has 11 bytes");
        Refused("x", PickleWriter.Zip(pickle, [new byte[40 << 20]], CompressionLevel.Fastest), "as no weights are");
        Refused("x", PickleWriter.Zip([.. PickleWriter.Of(null), .. new byte[40 << 20]], [], CompressionLevel.Fastest), "allowed in a file of this size");
        Refused("x", Zip("y")[..^30], "damaged");
        Refused("x", "PK\x03\x04"u8.ToArray(), "damaged");
    }

    void Refused(string name, byte[] content, string cause)
    {
        string path = folder.File(name, content);
        var error = Assert.Throws<LowrankException>(() => Containers.Open(path));
        Assert.Contains(cause, error.Message, StringComparison.Ordinal);
        Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
        File.Delete(path);
    }
}
