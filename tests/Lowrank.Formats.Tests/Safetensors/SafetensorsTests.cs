using System.Text;
using CsCheck;

namespace Lowrank.Formats.Tests;

public sealed class SafetensorsTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string> Dtypes => [.. TensorDtypes.All.Select(dtype => dtype.Name)];

    [Theory, MemberData(nameof(Dtypes))]
    public void ATensorOfEveryDtypeComesBack(string name) => LeakGuard.NoTensorLeaks(() =>
    {
        var dtype = TensorDtypes.Named(name)!;
        using var scope = NewDisposeScope();
        // 256 codes: for 8 bits, each of them.
        var tensor = Bits.Random(dtype, [2, 1, 128]);
        if (dtype.Size() == 1 && dtype != TensorDtype.BOOL)
            for (int code = 0; code < 256; code++) tensor.bytes[code] = (byte)code;
        Safetensors.Save(folder.File("x"), [new("x", tensor)]);
        using var file = Safetensors.Open(folder.File("x"));
        Assert.Equal(dtype, Assert.Single(file.Tensors).Dtype);
        Bits.AssertSame(tensor, file.Read("x"));
    });

    [Fact]
    public void AnySetOfTensorsAndMetadataComesBack()
    {
        var shapes = Gen.Long[0, 4].Array[0, 4];
        var tensors = Gen.Select(Gen.String, Gen.Int[0, TensorDtypes.All.Count - 1].Select(place => TensorDtypes.All[place]), shapes).Array[0, 6];
        Gen.Select(tensors, Gen.Dictionary(Gen.String, Gen.String)[0, 4]).Sample((chosen, metadata) =>
        {
            using var scope = NewDisposeScope();
            // A lone half of a surrogate pair is no text that UTF-8 could hold.
            var named = chosen.Where(t => IsText(t.Item1) && t.Item1 != "__metadata__").DistinctBy(t => t.Item1)
                .ToDictionary(t => t.Item1, t => Bits.Random(t.Item2, t.Item3));
            var texts = metadata.Where(pair => IsText(pair.Key) && IsText(pair.Value)).ToDictionary();
            Safetensors.Save(folder.File("any"), named, texts);
            using var file = Safetensors.Open(folder.File("any"));
            Assert.Equal(named.Keys.Order(), file.Tensors.Select(t => t.Name).Order());
            foreach (var (name, tensor) in named) Bits.AssertSame(tensor, file.Read(name));
            Assert.Equal(texts, file.Metadata);
            Assert.Empty(file.Notes);
        }, iter: 100, threads: 1);
    }

    [Fact]
    public void AFileIsLaidOutAsTheReferenceWriterDoes()
    {
        using var scope = NewDisposeScope();
        var metadata = new Dictionary<string, string> { ["name"] = "a \"b\" \\ \n \u0001 é 🖋", ["format"] = "pt" };
        Safetensors.Save(folder.File("layout"),
            [new("half", zeros(1, ScalarType.Float16)), new("b", ones(2)), new("brain", zeros(1, ScalarType.BFloat16)), new("a", tensor(3f)), new("long", zeros(0, 5, ScalarType.Int64))], metadata);
        var bytes = File.ReadAllBytes(folder.File("layout"));
        string header = """
            {"__metadata__":{"format":"pt","name":"a \"b\" \\ \n \u0001 é 🖋"},"long":{"dtype":"I64","shape":[0,5],"data_offsets":[0,0]},"a":{"dtype":"F32","shape":[],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]},"brain":{"dtype":"BF16","shape":[1],"data_offsets":[12,14]},"half":{"dtype":"F16","shape":[1],"data_offsets":[14,16]}}
            """;
        int length = (int)BitConverter.ToInt64(bytes);
        Assert.Equal(header, Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        Assert.Equal(0, length % 8);
        Assert.Equal(8 + length + 16, bytes.Length);
    }

    [Fact]
    public void StridedTensorsAreWrittenInOrder()
    {
        using var scope = NewDisposeScope();
        var whole = arange(24).view(4, 6);
        Safetensors.Save(folder.File("strided"), [new("turned", whole.t()), new("part", whole[TensorIndex.Colon, TensorIndex.Slice(1, 4)]), new("wide", tensor(5f).expand(3, 2))]);
        using var file = Safetensors.Open(folder.File("strided"));
        Bits.AssertSame(whole.t().contiguous(), file.Read("turned"));
        Bits.AssertSame(whole.narrow(1, 1, 3).contiguous(), file.Read("part"));
        Bits.AssertSame(full([3, 2], 5f), file.Read("wide"));
    }

    [Fact]
    public void AStreamGetsTheBytesOfTheFileAndTheStartOfTheDataIsTold()
    {
        using var scope = NewDisposeScope();
        KeyValuePair<string, Tensor>[] tensors = [new("x", rand(3, 5)), new("y", rand(7, ScalarType.Float16))];
        using var stream = new MemoryStream();
        long dataStart = Safetensors.Write(stream, tensors, new Dictionary<string, string> { ["ss_note"] = "1" });
        Safetensors.Save(folder.File("same"), tensors, new Dictionary<string, string> { ["ss_note"] = "1" });
        Assert.Equal(File.ReadAllBytes(folder.File("same")), stream.ToArray());
        Assert.Equal(stream.Length - 3 * 5 * 4 - 7 * 2, dataStart);
    }

    [Fact]
    public void TensorsCanBeWrittenOneByOne()
    {
        using var scope = NewDisposeScope();
        Safetensors.Save(folder.File("one"), [new("x", rand(3, 5)), new("y", rand(7))]);
        using var file = Safetensors.Open(folder.File("one"));
        LeakGuard.NoTensorLeaks(() =>
            Safetensors.SaveLazily(folder.File("two"), file.Tensors.Select(info => new TensorSource(info, () => file.Read(info.Name))), file.Metadata));
        Assert.Equal(File.ReadAllBytes(folder.File("one")), File.ReadAllBytes(folder.File("two")));
        var wrong = new TensorInfo("x", TensorDtype.F32, [5, 3]);
        var error = Assert.Throws<LowrankException>(() => Safetensors.SaveLazily(folder.File("two"), [new TensorSource(wrong, () => file.Read("x"))]));
        Assert.Contains("(5, 3)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnUnknownNameIsAnsweredWithTheNearestOnes()
    {
        using var scope = NewDisposeScope();
        Safetensors.Save(folder.File("names"), [new("unet.conv_in.weight", rand(1)), new("other", rand(1))]);
        using var file = Safetensors.Open(folder.File("names"));
        var error = Assert.Throws<LowrankException>(() => file.Read("unet.conv_in.wieght"));
        Assert.Contains("nearest are unet.conv_in.weight", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatNoFileCanHoldIsRefused()
    {
        using var scope = NewDisposeScope();
        var x = rand(1);
        Assert.Contains("twice",
            Assert.Throws<LowrankException>(() => Safetensors.Save(folder.File("no"), [new("x", x), new("x", x.to(ScalarType.Float64))])).Message, StringComparison.Ordinal);
        Assert.Contains("ComplexFloat32",
            Assert.Throws<LowrankException>(() => Safetensors.Save(folder.File("no"), [new("x", zeros(1, ScalarType.ComplexFloat32))])).Message, StringComparison.Ordinal);
        Assert.Contains("__metadata__",
            Assert.Throws<LowrankException>(() => Safetensors.Save(folder.File("no"), [new("__metadata__", x)])).Message, StringComparison.Ordinal);
        Assert.Contains("UTF-8",
            Assert.Throws<LowrankException>(() => Safetensors.Save(folder.File("no"), [new("\ud800", x)])).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder.File("no")));
    }

    static bool IsText(string text) => text.EnumerateRunes().All(rune => rune != Rune.ReplacementChar);
}
