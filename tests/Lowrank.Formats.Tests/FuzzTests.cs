using System.Runtime.InteropServices;

namespace Lowrank.Formats.Tests;

/// <summary>Proper files with a few bytes changed, cut or doubled: they open or are refused; nothing else happens.</summary>
public sealed class FuzzTests : IDisposable
{
    const int Rounds = 600;

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    static byte[] Floats => MemoryMarshal.AsBytes<float>(new float[] { 1, 2, 3, 4 }).ToArray();

    static byte[] Pickle => PickleWriter.Of(new Dictionary<string, object?>
    {
        ["state_dict"] = new Dictionary<string, object?>
        {
            ["a"] = new Stored("FloatStorage", "0", 4, 0, [2, 2], [1, 2]),
            ["b"] = new Stored("FloatStorage", "0", 4, 1, [2], [1]),
        },
        ["epoch"] = 3,
    });

    [Fact]
    public void Safetensors_survives()
    {
        using var scope = NewDisposeScope();
        using var stream = new MemoryStream();
        Safetensors.Write(stream, [new("a", rand(2, 3)), new("b", zeros(3, ScalarType.Bool)), new("c", tensor(1L))], new Dictionary<string, string> { ["k"] = "v" });
        Survives(stream.ToArray());
    }

    [Fact]
    public void Zip_survives() => Survives(PickleWriter.Zip(Pickle, [Floats]));

    [Fact]
    public void Legacy_survives() => Survives(PickleWriter.Legacy(Pickle, (4, Floats)));

    void Survives(byte[] proper)
    {
        var random = new Random(11);
        int opened = 0, refused = 0;
        for (int round = 0; round < Rounds; round++)
        {
            string path = folder.File("x", Changed(proper, random));
            try
            {
                using var scope = NewDisposeScope();
                using var file = Containers.Open(path);
                foreach (var tensor in file.Tensors) file.Read(tensor.Name);
                opened++;
            }
            catch (LowrankException error)
            {
                Assert.Contains(path, error.Message, StringComparison.Ordinal);
                refused++;
            }
        }
        Assert.True(opened > 0 && refused > Rounds / 4, $"{opened} opened, {refused} refused");
    }

    static byte[] Changed(byte[] proper, Random random)
    {
        var bytes = proper.ToList();
        for (int change = random.Next(1, 4); change > 0; change--)
        {
            int at = random.Next(bytes.Count), length = Math.Min(random.Next(1, 9), bytes.Count - at);
            switch (random.Next(6))
            {
                case 0: bytes.RemoveRange(at, length); break;
                case 1: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 2: bytes[at] = (byte)random.Next(256); break;
                case 3: bytes[at] = 0xff; break;
                case 4: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                default: if (random.Next(8) == 0) bytes.RemoveRange(at, bytes.Count - at); break;
            }
            if (bytes.Count == 0) break;
        }
        return [.. bytes];
    }
}
