using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;
using Lowrank.Torch;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>bitsandbytes' roundings: blocks of NF4 and FP4, nested scales, the dynamic map of 8 bits, rows of int8, and a folder.</summary>
public sealed class BitsAndBytesGoldens
{
    static readonly GoldenList list = new("language/quant", "bnb_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Cases => list.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Rounding(string name) => list.Run(name, golden =>
    {
        using var file = list.Tensors("bnb.safetensors");
        if (golden.TryGetProperty("quant_type", out _)) FourBits(file, golden, name);
        else if (golden.TryGetProperty("folder", out var folder)) Folder(golden, folder.GetString()!);
        else if (name == "nested") Nested(file, golden);
        else if (name == "int8") Rows(file, golden);
        else if (name.StartsWith("dynamic8", StringComparison.Ordinal)) EightBits(file, golden, name);
        else throw Golden.NotCovered("a case of another kind");
    });

    static double Relative(JsonElement golden) => golden.GetProperty("tolerance").GetProperty("values_rel").GetDouble();

    static void FourBits(ITensorFile file, JsonElement golden, string name)
    {
        var code = FourBitCode.Named(golden.GetProperty("quant_type").GetString()!);
        GoldenList.AssertClose(file.Read($"code.{code.Name}"), tensor(code.Values.ToArray()), "code", 0, 1e-6);
        var blocks = new FourBitBlocks(code, golden.GetProperty("blocksize").GetInt32());
        long[] shape = [.. golden.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())];
        var input = file.Read($"{string.Join('.', name.Split('.')[..2])}.input");
        var (packed, largest) = blocks.Encode(input);
        GoldenList.AssertSame(file.Read($"{name}.packed"), packed, "packed");

        var state = FourBitState.Read(file.Read($"{name}.quant_state.bitsandbytes__{code.Name}"));
        Assert.Equal((code, blocks.BlockSize), (state.Code, state.BlockSize));
        Assert.Equal(shape, state.Shape);
        Assert.Equal(golden.GetProperty("double_quant").GetBoolean(), state.NestedOffset is not null);
        var magnitudes = largest;
        if (state.NestedOffset is { } offset)
        {
            var nested = NestedScales.Encode(largest);
            GoldenList.AssertSame(file.Read($"{name}.absmax"), nested.Codes, "absmax");
            GoldenList.AssertClose(file.Read($"{name}.nested_absmax"), nested.Largest, "nested absmax", 0, 2e-6);
            Assert.Equal(offset, nested.Offset, 1e-6f * Math.Abs(offset));
            magnitudes = new NestedScales(file.Read($"{name}.absmax"), file.Read($"{name}.nested_absmax"), offset, state.NestedBlockSize).Decode();
        }
        else GoldenList.AssertSame(file.Read($"{name}.absmax"), largest, "absmax");
        GoldenList.AssertClose(file.Read($"{name}.absmax_float"), magnitudes, "absmax as floats", 0, Relative(golden));
        GoldenList.AssertClose(file.Read($"{name}.values"), blocks.Decode(file.Read($"{name}.packed"), magnitudes, shape), "values", 0, Relative(golden));
    }

    static void Nested(ITensorFile file, JsonElement golden)
    {
        var nested = NestedScales.Encode(file.Read("nested.absmax_input"));
        Assert.Equal(golden.GetProperty("nested_offset").GetSingle(), nested.Offset, 1e-5f);
        GoldenList.AssertSame(file.Read("nested.absmax_uint8"), nested.Codes, "codes");
        GoldenList.AssertClose(file.Read("nested.nested_absmax"), nested.Largest, "largest", 0, 2e-6);
        GoldenList.AssertClose(file.Read("nested.absmax_float"), nested.Decode(), "values", 0, 2e-6);
    }

    static void EightBits(ITensorFile file, JsonElement golden, string name)
    {
        GoldenList.AssertSame(file.Read("code.dynamic_signed"), tensor(DynamicMap.Signed.ToArray()), "signed map");
        GoldenList.AssertSame(file.Read("code.dynamic_unsigned"), tensor(DynamicMap.Unsigned.ToArray()), "unsigned map");
        var blocks = new EightBitBlocks(golden.GetProperty("blocksize").GetInt32());
        var (codes, largest) = blocks.Encode(file.Read($"{name}.input"));
        GoldenList.AssertSame(file.Read($"{name}.q"), codes, "codes");
        GoldenList.AssertSame(file.Read($"{name}.absmax"), largest, "absmax");
        GoldenList.AssertClose(file.Read($"{name}.values"), blocks.Decode(codes, largest), "values", 0, Relative(golden));
    }

    static void Rows(ITensorFile file, JsonElement golden)
    {
        var (numbers, largest) = Int8Rows.Encode(file.Read("int8.input"));
        GoldenList.AssertSame(file.Read("int8.q"), numbers, "numbers");
        GoldenList.AssertClose(file.Read("int8.row_absmax"), largest, "absmax", 0, 1e-6);
        GoldenList.AssertClose(file.Read("int8.values"), Int8Rows.Decode(numbers, largest), "values", 0, Relative(golden));
    }

    static void Folder(JsonElement golden, string folder)
    {
        string path = Path.Combine(list.Folder, folder);
        using var file = QuantizedScheme.Of(JsonFile.Object(Path.Combine(path, "config.json")))!.Open(Safetensors.Open(Path.Combine(path, "model.safetensors")));
        using var expected = list.Tensors(golden.GetProperty("expected").GetString()!);
        var weights = expected.Tensors.Where(info => info.Name.EndsWith(".weight", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(weights);
        foreach (var info in weights) GoldenList.AssertClose(expected.Read(info.Name), file.Read(info.Name), info.Name, 0, 1e-6);
    }
}
