using System.Text.Json;
using Lowrank.Formats;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Weights as bitsandbytes, GPTQ, AWQ, compressed-tensors and others keep them, told and, where they are ours to write, rounded.</summary>
public sealed class QuantizedGoldens
{
    const string Group = "language/quant2";

    static readonly GoldenList folders = new(Group, "cases.json"), gptq = new(Group, "gptq_layers.json"), float8 = new(Group, "fp8_layers.json"), mxfp4 = new(Group, "mxfp4.json"),
        torchao = new(Group, "torchao.json"), hqq = new(Group, "hqq.json"), int8 = new(Group, "int8_layers.json"), merges = new(Group, "merge.json");

    public static IEnumerable<TheoryDataRow<string>> Folders => folders.Rows;

    /// <summary>The weights of a whole folder; its logits are the models'.</summary>
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Folders)), Trait("kind", "goldens")]
    public void Folder(string name) => Golden.Run($"{Group}/weights", name, () =>
    {
        var golden = folders.All.First(json => json.GetProperty("name").GetString() == name);
        string folder = Path.Combine(folders.Folder, golden.GetProperty("folder").GetString()!);
        using var file = Open(folder);
        using var expected = folders.Tensors(golden.GetProperty("expected").GetString()!);
        double relative = golden.GetProperty("tolerance").GetProperty("weights_rel").GetDouble();
        var weights = expected.Tensors.Where(info => info.Name.EndsWith(".weight", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(weights);
        foreach (var info in weights) GoldenList.AssertClose(expected.Read(info.Name), file.Read(info.Name), info.Name, 0, relative);
        // Every weight of the base is there in its shape, and nothing else.
        using var plain = folders.Tensors(Path.Combine(folders.Folder, "base", "model.safetensors"));
        Assert.Equal(plain.Tensors.Select(Told).Order(StringComparer.Ordinal), file.Tensors.Select(Told).Order(StringComparer.Ordinal));
    });

    static string Told(TensorInfo info) => $"{info.Name} {string.Join(',', info.Shape)}";

    static ITensorFile Open(string folder)
    {
        var file = Safetensors.Open(Path.Combine(folder, "model.safetensors"));
        return QuantizedScheme.Of(JsonFile.Object(Path.Combine(folder, "config.json")))!.Open(file);
    }

    // A tensor that a case names under inputs or expected.
    static Tensor Part(ITensorFile file, JsonElement golden, string side, string name) => file.Read(golden.GetProperty(side).GetProperty(name).GetString()!);

    static double Relative(JsonElement golden) => golden.GetProperty("tolerance") is { ValueKind: JsonValueKind.Object } tolerance ? tolerance.GetProperty("rel").GetDouble() : 0;

    public static IEnumerable<TheoryDataRow<string>> GptqLayers => gptq.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(GptqLayers)), Trait("kind", "goldens")]
    public void GptqLayer(string name) => gptq.Run(name, golden =>
    {
        using var file = gptq.Tensors("gptq_layers.safetensors");
        var storage = new Gptq(golden.GetProperty("bits").GetInt32(), golden.GetProperty("group_size").GetInt32(), golden.GetProperty("checkpoint_format").GetString() == "gptq");
        Tensor Input(string part) => Part(file, golden, "inputs", part);
        GoldenList.AssertClose(Part(file, golden, "expected", "weight"), storage.Decode(Input("qweight"), Input("qzeros"), Input("scales"), Input("g_idx")), "weight", 0, Relative(golden));
    });

    public static IEnumerable<TheoryDataRow<string>> Float8Layers => float8.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Float8Layers)), Trait("kind", "goldens")]
    public void Float8Layer(string name) => float8.Run(name, golden =>
    {
        using var file = float8.Tensors("fp8_layers.safetensors");
        if (!golden.TryGetProperty("inputs", out var inputs))
        {
            AssertCodes(file, golden, name.Contains("e4m3", StringComparison.Ordinal) ? TensorDtype.F8_E4M3 : TensorDtype.F8_E5M2);
            return;
        }
        var block = golden.GetProperty("block");
        var factors = inputs.TryGetProperty("scale_bytes", out _) ? Float8Blocks.Powers(Part(file, golden, "inputs", "scale_bytes")) : Part(file, golden, "inputs", "weight_scale_inv");
        var values = Float8Blocks.Decode(Part(file, golden, "inputs", "weight"), factors, (block[0].GetInt64(), block[1].GetInt64()));
        GoldenList.AssertClose(Part(file, golden, "expected", "values"), values, "values", 0, Relative(golden));
    });

    static void AssertCodes(ITensorFile file, JsonElement golden, TensorDtype dtype)
    {
        var codes = new MemoryStream([.. Enumerable.Range(0, 256).Select(code => (byte)code)]);
        GoldenList.AssertSame(Part(file, golden, "expected", "values"), TensorBytes.Read(codes, dtype, [256]), "values");
        var rounded = Float8Rounding.Encode(Part(file, golden, "expected", "rounding_x"), dtype);
        GoldenList.AssertSame(Part(file, golden, "expected", "rounding_bytes"), rounded, "bytes");
    }

    public static IEnumerable<TheoryDataRow<string>> Mxfp4Layers => mxfp4.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Mxfp4Layers)), Trait("kind", "goldens")]
    public void Mxfp4Layer(string name) => mxfp4.Run(name, golden =>
    {
        using var file = mxfp4.Tensors("mxfp4.safetensors");
        GoldenList.AssertSame(Part(file, golden, "expected", "values"),
            FourBitFloats.DecodeMxfp4(Part(file, golden, "inputs", "blocks"), Part(file, golden, "inputs", "scales")), "values");
    });

    public static IEnumerable<TheoryDataRow<string>> TorchaoLayers => torchao.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(TorchaoLayers)), Trait("kind", "goldens")]
    public void TorchaoLayer(string name) => torchao.Run(name, golden =>
    {
        using var file = torchao.Tensors("torchao.safetensors");
        var values = Torchao.Decode(file.Read($"{name}.qdata"), file.Read($"{name}.scale"), file.Read($"{name}.zero_point"));
        GoldenList.AssertClose(Part(file, golden, "expected", "values"), values, "values", 0, Relative(golden));
    });

    public static IEnumerable<TheoryDataRow<string>> HqqLayers => hqq.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(HqqLayers)), Trait("kind", "goldens")]
    public void HqqLayer(string name) => hqq.Run(name, golden =>
    {
        using var file = hqq.Tensors("hqq.safetensors");
        var settings = golden.GetProperty("parameters");
        long[] shape = [.. golden.GetProperty("shape").EnumerateArray().Select(axis => axis.GetInt64())];
        var storage = new Hqq(settings.GetProperty("nbits").GetInt32(), settings.GetProperty("group_size").GetInt64(), settings.GetProperty("axis").GetInt32());
        var values = storage.Decode(Part(file, golden, "inputs", "W_q"), Part(file, golden, "inputs", "scale"), Part(file, golden, "inputs", "zero"), shape);
        GoldenList.AssertClose(Part(file, golden, "expected", "values"), values, "values", 0, Relative(golden));
    });

    public static IEnumerable<TheoryDataRow<string>> Int8Layers => int8.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Int8Layers)), Trait("kind", "goldens")]
    public void Int8Layer(string name) => int8.Run(name, golden =>
    {
        using var file = int8.Tensors("int8_layers.safetensors");
        var (numbers, largest) = Int8Rows.Encode(Part(file, golden, "inputs", "weight"));
        GoldenList.AssertSame(Part(file, golden, "expected", "weight_q"), numbers, "numbers");
        GoldenList.AssertSame(Part(file, golden, "expected", "SCB"), largest, "SCB");
        var bias = golden.GetProperty("inputs").GetProperty("bias").ValueKind == JsonValueKind.String ? Part(file, golden, "inputs", "bias") : null;
        var y = Int8Rows.Multiply(Part(file, golden, "inputs", "x"), numbers, largest, bias, golden.GetProperty("threshold").GetDouble());
        GoldenList.AssertClose(Part(file, golden, "expected", "y"), y, "y", golden.GetProperty("tolerance").GetProperty("y_abs").GetDouble(), 0);
    });

    public static IEnumerable<TheoryDataRow<string>> Merges => merges.Rows;

    /// <summary>A layer's values with the adapter's change, rounded again.</summary>
    [Theory(SkipTestWithoutData = true), MemberData(nameof(Merges)), Trait("kind", "goldens")]
    public void Merge(string name) => Golden.Run($"{Group}/merge codes", name, () =>
    {
        var golden = merges.All.First(json => json.GetProperty("name").GetString() == name);
        string folder = Path.Combine(merges.Folder, golden.GetProperty("folder").GetString()!), module = golden.GetProperty("probe").GetString()!;
        using ITensorFile file = Open(folder), stored = Safetensors.Open(Path.Combine(folder, "model.safetensors")), expected = merges.Tensors("merge.safetensors");
        var weight = file.Read($"{module}.weight");
        string first = golden.GetProperty("sum_is_made_in").GetString()!;
        if (first.Contains("bfloat16", StringComparison.Ordinal)) weight = weight.to(ScalarType.BFloat16).to(ScalarType.Float32);
        else if (first.Contains("float16", StringComparison.Ordinal)) weight = weight.to(ScalarType.Float16).to(ScalarType.Float32);
        var merged = weight + Delta(Path.Combine(merges.Folder, golden.GetProperty("adapter").GetString()!), module);

        var want = expected.Read($"{name}.{module}.values");
        Tensor codes, wantCodes, values;
        if (expected.Tensors.Any(info => info.Name == $"{name}.{module}.CB"))
        {
            var (numbers, largest) = Int8Rows.Encode(merged.to(ScalarType.Float16));   // as the peer's weights are
            (codes, wantCodes, values) = (numbers, expected.Read($"{name}.{module}.CB"), Int8Rows.Decode(numbers, largest));
        }
        else
        {
            var state = FourBitState.Read(stored.Read(stored.Tensors.First(info => info.Name.StartsWith($"{module}.weight.quant_state", StringComparison.Ordinal)).Name));
            var blocks = new FourBitBlocks(state.Code, state.BlockSize);
            var (packed, largest) = blocks.Encode(merged);
            if (state.NestedOffset is not null) largest = NestedScales.Encode(largest).Decode();
            GoldenList.AssertClose(expected.Read($"{name}.{module}.absmax_float"), largest, "absmax", 1e-6, 0.02);
            (codes, wantCodes, values) = (Halves(packed), Halves(expected.Read($"{name}.{module}.packed")), blocks.Decode(packed, largest, state.Shape));
        }
        double differ = codes.ne(wantCodes).to(ScalarType.Float64).mean().ToDouble();
        Assert.True(differ <= 0.005, $"{differ:p2} of the codes differ");
        double off = (values - want).abs().gt(1e-3 + 1e-3 * want.abs()).to(ScalarType.Float64).mean().ToDouble();
        Assert.True(off <= 0.02, $"{off:p2} of the values differ");
    });

    static Tensor Halves(Tensor packed) => stack([packed.to(ScalarType.Int32).bitwise_right_shift(4), packed.to(ScalarType.Int32).bitwise_and(15)], -1);

    static Tensor Delta(string adapter, string module)
    {
        var config = JsonFile.Object(Path.Combine(adapter, "adapter_config.json"));
        using var file = Safetensors.Open(Path.Combine(adapter, "adapter_model.safetensors"));
        if (!file.Tensors.Any(info => info.Name == $"base_model.model.{module}.lora_A.weight")) return zeros(1);
        var (a, b) = (file.Read($"base_model.model.{module}.lora_A.weight"), file.Read($"base_model.model.{module}.lora_B.weight"));
        return b.matmul(a) * (config.GetProperty("lora_alpha").GetDouble() / a.shape[0]);
    }

    public static IEnumerable<TheoryDataRow<string>> BlockFiles =>
        Directory.Exists(folders.Folder) ? Directory.EnumerateFiles(folders.Folder, "gguf-*.blocks.safetensors").Order(StringComparer.Ordinal).Select(file => new TheoryDataRow<string>(Path.GetFileName(file))) : [];

    /// <summary>The base's linears in GGUF's blocks.</summary>
    [Theory(SkipTestWithoutData = true), MemberData(nameof(BlockFiles)), Trait("kind", "goldens")]
    public void BlocksOfTheBase(string name) => Golden.Run($"{Group}/blocks", name, () =>
    {
        var format = BlockFormats.Named(name["gguf-".Length..].Split('.')[0])!;
        using ITensorFile blocks = folders.Tensors(name), plain = folders.Tensors(Path.Combine("base", "model.safetensors"));
        foreach (var info in blocks.Tensors)
        {
            using var scope = NewDisposeScope();
            var (want, weight) = (blocks.Read(info.Name), plain.Read(info.Name).to(ScalarType.Float32));
            var encoded = new byte[want.numel()];
            format.Encode(weight.data<float>().ToArray(), encoded);
            GoldenList.AssertSame(want, tensor(encoded).view(want.shape), info.Name);
        }
    });
}
