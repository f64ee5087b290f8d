using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;

namespace Lowrank.Formats.Tests;

public sealed class LazinessTests : IDisposable
{
    const long Gigabyte = 1L << 30;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void TwentyGigabytesOpenAtOnceAndOneTensorReadsOnlyItsBytes()
    {
        string path = Sparse($$$"""{"big":{"dtype":"F16","shape":[10737418240],"data_offsets":[0,{{{20 * Gigabyte}}}]},"small":{"dtype":"U8","shape":[3],"data_offsets":[{{{20 * Gigabyte}}},{{{20 * Gigabyte + 3}}}]}}""",
            20 * Gigabyte + 3, tail: [1, 2, 3]);
        long before = Environment.WorkingSet;
        var clock = Stopwatch.StartNew();
        using var scope = NewDisposeScope();
        using var file = Safetensors.Open(path);
        Assert.Equal(10737418240, file.Tensors[0].Count);
        Assert.Equal([1, 2, 3], file.Read("small").bytes.ToArray());
        Assert.True(clock.Elapsed < TimeSpan.FromSeconds(5), $"took {clock.Elapsed}");
        Assert.True(Environment.WorkingSet - before < Gigabyte, "much of the file was read");
    }

    // More than one piece of 64 MiB, less than what a suite should ask of a machine.
    [Fact]
    public void ATensorOfSeveralPiecesComesWhole() => ReadsWhole(Gigabyte / 16 + 17).Dispose();

    [Fact(Explicit = true)]
    public void ATensorBeyondTheReachOfASpanComesAndGoesWhole()
    {
        using var scope = NewDisposeScope();
        using var file = ReadsWhole(2 * Gigabyte + 17);
        var x = file.Read("x");
        Safetensors.Save(folder.File("again"), [new("x", x)]);
        using var again = Safetensors.Open(folder.File("again"));
        Assert.True(again.Read("x").eq(x).all().ToBoolean());
    }

    [Fact]
    public void TensorsComeInMemoryThatIsUsedAgain()
    {
        using var scope = NewDisposeScope();
        using var scratch = new Scratch();
        Safetensors.Save(folder.File("two"), [new("a", arange(6, dtype: ScalarType.Float32).reshape(2, 3)), new("b", tensor(new float[] { 9, 8 })), new("c", tensor(new[] { true, false }))]);
        using var file = Safetensors.Open(folder.File("two"));
        var a = file.Read("a", scratch);
        Assert.Equal([0, 1, 2, 3, 4, 5], a.data<float>().ToArray());
        Assert.Equal([9, 8], file.Read("b", scratch).data<float>().ToArray());
        Assert.Equal([9, 8, 2, 3, 4, 5], a.data<float>().ToArray());
        Assert.Equal([true, false], file.Read("c", scratch).data<bool>().ToArray());
    }

    [Fact]
    public void AFileThatIsCutWhileItIsOpenIsTold()
    {
        using var scope = NewDisposeScope();
        string path = folder.File("cut");
        Safetensors.Save(path, [new("a", zeros(1000)), new("b", zeros(1000))]);
        using var file = Safetensors.Open(path);
        if (!OperatingSystem.IsLinux()) return;   // cut as only there it surely can be
        Cut(path, 5000);
        Assert.Equal(1000, file.Read("a").numel());
        Assert.Contains("ends within b", Assert.Throws<LowrankException>(() => file.Read("b")).Message);
    }

    ITensorFile ReadsWhole(long count)
    {
        string path = Sparse($$$"""{"x":{"dtype":"U8","shape":[{{{count}}}],"data_offsets":[0,{{{count}}}]}}""", count, tail: [5, 6, 7]);
        using var scope = NewDisposeScope();
        var file = Safetensors.Open(path);
        var x = file.Read("x");
        Assert.Equal(18, x.sum().ToInt64());
        Assert.Equal([5, 6, 7], x.narrow(0, count - 3, 3).bytes.ToArray());
        return file;
    }

    // .NET's own locks are between its programs alone: another program does not ask.
    static void Cut(string path, long bytes)
    {
        using var process = Process.Start("truncate", ["-s", $"{bytes}", path]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    // A file whose data are one hole, but for the tail.
    string Sparse(string header, long dataBytes, byte[] tail)
    {
        var length = new byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        SparseFile.Create(folder.File("sparse"), [.. length, .. Encoding.UTF8.GetBytes(header)], 8 + header.Length + dataBytes);
        using var stream = File.OpenWrite(folder.File("sparse"));
        stream.Seek(-tail.Length, SeekOrigin.End);
        stream.Write(tail);
        return folder.File("sparse");
    }
}
