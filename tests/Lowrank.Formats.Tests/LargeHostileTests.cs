using System.Text;

namespace Lowrank.Formats.Tests;

/// <summary>Files that are all structure: however many things they describe, what is made of them stays below twice the file and 64 MB, within a second.</summary>
public sealed class LargeHostileTests : IDisposable
{
    const long AllowedBytes = 64 << 20;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static readonly (string What, Func<byte[]> File)[] files =
    [
        ("tensors without end", () => Header(Many(600_000, i => $"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}"))),
        ("axes without end", () => Header($"\"a\":{{\"dtype\":\"U8\",\"shape\":[{Many(10_000_000, _ => "1")}],\"data_offsets\":[0,0]}}")),
        ("metadata without end", () => Header($"\"__metadata__\":{{{Many(1_000_000, i => $"\"{i}\":\"\"")}}}")),
        ("fields without end", () => Header($"\"a\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0],{Many(1_000_000, i => $"\"{i}\":1")}}}")),
        ("keys of GGUF without end", () => Many(GgufBytes.Begin(0, 1_000_000), 1_000_000, (file, i) => file.Key($"{i}", 0).Raw([1])).Data(0)),
        ("tensors of GGUF without end", () => Many(GgufBytes.Begin(600_000, 0), 600_000, (file, i) => file.Tensor($"{i}", 0, 0, 0)).Data(0)),
        ("arrays of GGUF without end", () => Many(GgufBytes.Begin(0, 1).Key("a", 9).Number(9u).Number(1_000_000ul), 1_000_000, (file, _) => file.Number(4u).Number(0ul)).Data(0)),
        ("texts of GGUF without end", () => Many(GgufBytes.Begin(0, 1).Key("a", 9).Number(8u).Number(3_000_000ul), 3_000_000, (file, _) => file.Number(0ul)).Data(0)),
        ("numbers without end", () => PickleWriter.Legacy(Repeated("K\u0001"u8.ToArray(), 5_000_000))),
        ("dicts without end", () => PickleWriter.Legacy(Repeated([(byte)'}'], 5_000_000))),
        ("dicts as many as pass", () => PickleWriter.Legacy(Repeated([(byte)'}'], 290_000))),
        ("numbers as many as pass", () => PickleWriter.Legacy(Repeated("K\u0001"u8.ToArray(), 149_000))),
        ("texts as long as pass", () => PickleWriter.Zip(PickleWriter.Of(Enumerable.Repeat((object?)new string('x', 1_000_000), 8).ToArray()), [])),
        ("members without end", () => PickleWriter.Zip(PickleWriter.Of(null), [], more: [.. Enumerable.Range(0, 50_000).Select(i => ($"{i}", Array.Empty<byte>()))])),
    ];

    public static TheoryData<string> Files => [.. files.Select(file => file.What)];

    static string Many(int count, Func<int, string> one) => string.Join(',', Enumerable.Range(0, count).Select(one));

    static GgufBytes Many(GgufBytes file, int count, Action<GgufBytes, int> one)
    {
        for (int i = 0; i < count; i++) one(file, i);
        return file;
    }

    static byte[] Header(string fields)
    {
        byte[] json = Encoding.ASCII.GetBytes($"{{{fields}}}");
        return [.. BitConverter.GetBytes((long)json.Length), .. json];
    }

    static byte[] Repeated(byte[] code, int count) => PickleWriter.Of((Action<PickleWriter>)(writer =>
        writer.Raw((byte)']', (byte)'(').Raw([.. Enumerable.Repeat(code, count).SelectMany(bytes => bytes)]).Raw((byte)'e')));

    [Theory, MemberData(nameof(Files))]
    public void ItIsReadOrRefusedInLittleMemory(string what)
    {
        string path = folder.File("x", files.First(file => file.What == what).File());
        long allowed = 2 * new FileInfo(path).Length + AllowedBytes;
        BestTime.AssertBelow(TimeSpan.FromSeconds(1), () =>
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                Containers.Open(path).Dispose();
            }
            catch (LowrankException error)
            {
                Assert.StartsWith(path, error.Message, StringComparison.Ordinal);
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, allowed);
        });
    }
}
