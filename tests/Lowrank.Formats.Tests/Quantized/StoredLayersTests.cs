using System.Text;
using System.Text.Json;

namespace Lowrank.Formats.Tests;

/// <summary>Layers as HQQ's and torchao's folders keep them: the tensors that their programs write, against numbers worked out by hand.</summary>
public sealed class StoredLayersTests : IDisposable
{
    const string Layer = "model.layers.0.q_proj";

    readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    IPackedFile Open(string method, IReadOnlyDictionary<string, string>? header, params (string End, Tensor Value)[] tensors)
    {
        var stored = tensors.Select(one => KeyValuePair.Create(Layer + one.End, one.Value)).Append(new("model.norm.weight", ones(2)));
        Safetensors.Save(folder.File("model.safetensors"), stored, header);
        // libtorch here has no 8-bit floats: their codes are written as bytes, and the header says what they are.
        if (header?.Values.Any(told => told.Contains("Float8", StringComparison.Ordinal)) == true) Rename("model.safetensors", "\"U8\"", "\"F8_E4M3\"");
        using var settings = JsonDocument.Parse($$$"""{"quantization_config": {"quant_method": "{{{method}}}"}}""");
        return QuantizedScheme.Of(settings.RootElement)!.Open(Safetensors.Open(folder.File("model.safetensors")));
    }

    void Rename(string file, string from, string to)
    {
        byte[] bytes = File.ReadAllBytes(folder.File(file));
        int length = (int)BitConverter.ToInt64(bytes);
        string head = Encoding.UTF8.GetString(bytes, sizeof(long), length).Replace(from.Trim(), to, StringComparison.Ordinal);
        byte[] longer = Encoding.UTF8.GetBytes(head.PadRight((head.Length + 7) / 8 * 8));
        File.WriteAllBytes(folder.File(file), [.. BitConverter.GetBytes((long)longer.Length), .. longer, .. bytes.AsSpan(sizeof(long) + length)]);
    }

    // Read as values, and as a matrix that stays as it is kept.
    static void AssertHolds(IPackedFile file, Tensor wanted)
    {
        Assert.Equal([$"model.norm.weight", $"{Layer}.weight"], file.Tensors.Select(one => one.Name));
        Assert.Equal(wanted.shape, file.Tensors[1].Shape);
        Assert.True(file.Read($"{Layer}.weight").allclose(wanted, 1e-6, 1e-6), string.Join(' ', file.Read($"{Layer}.weight").data<float>().ToArray()));
        using var packed = file.ReadPacked($"{Layer}.weight")!;
        var values = empty(packed.Shape, ScalarType.Float32, CPU);
        packed.DecodeTo(values);
        Assert.True(values.allclose(wanted, 1e-6, 1e-6));
    }

    static Tensor Bytes(string text) => tensor(Encoding.ASCII.GetBytes(text), ScalarType.Byte);

    static Tensor Flag(bool on) => tensor((byte)(on ? 1 : 0), ScalarType.Byte);

    // (2, 4) in groups of two: rows of numbers [1 2], [3 4], [5 6], [7 8]; of four bits the first half of the rows is in the upper halves.
    static (string, Tensor)[] Hqq(Tensor numbers, string packing, bool asFloats) =>
    [
        (".W_q", numbers), (".scale", tensor(new float[] { 1, 2, 3, 4 }).reshape(4, 1)), (".zero", tensor(new float[] { 1, 0.5f, 0, 7 }).reshape(4, 1)),
        (".shape", tensor(new long[] { 2, 4 })), (".group_size", tensor(2)), (".axis", tensor(1)), (".nbits", tensor(4)), (".packing", Bytes(packing)),
        (".view_as_float", Flag(asFloats)), (".quant_scale", Flag(false)), (".quant_zero", Flag(false)), (".channel_wise", Flag(true)), (".optimize", Flag(true)),
        (".round_zero", Flag(false)), (".unpack_view_dtype", Bytes("torch.uint8")), (".compute_dtype", Bytes("torch.float16")), (".offload_meta", Flag(false)),
        (".encoded_state_dict", Flag(true)), (".stores_quant_config", Flag(true)),
    ];

    static Tensor OfHqq => tensor(new float[] { 0, 1, 5, 7, 15, 18, 0, 4 }).reshape(2, 4);

    [Theory, InlineData(4, false), InlineData(8, false), InlineData(4, true)]
    public void HqqsNumbersAreBlocksOfRowsLessAZeroTimesAScale(int bits, bool asFloats)
    {
        using var scope = NewDisposeScope();
        var numbers = bits == 8
            ? tensor(new byte[] { 1, 2, 3, 4, 5, 6, 7, 8 }, ScalarType.Byte).reshape(4, 2)
            : tensor(new byte[] { 1 << 4 | 5, 2 << 4 | 6, 3 << 4 | 7, 4 << 4 | 8 }, ScalarType.Byte).reshape(2, 2);
        if (asFloats)
        {
            // Two bytes as the bits of one half.
            var half = empty([2, 1], ScalarType.Float16, CPU);
            numbers.bytes.CopyTo(half.bytes);
            numbers = half;
        }
        using var file = Open("hqq", null, Hqq(numbers, $"{bits}bit_u8", asFloats));
        AssertHolds(file, OfHqq);
    }

    [Fact]
    public void HqqsPackingThatIsNotKnownIsNamed()
    {
        using var scope = NewDisposeScope();
        using var file = Open("hqq", null, Hqq(zeros([4, 2], ScalarType.Byte), "5bit_u8", false));
        string fault = Assert.Throws<LowrankException>(() => file.Read($"{Layer}.weight")).Message;
        Assert.Contains("'5bit_u8'", fault);
        Assert.Contains(Layer, fault);
    }

    static Dictionary<string, string> Header(string kind, string block = "[1, 2]") => new()
    {
        [$"{Layer}.weight"] = $$"""{"_type": "{{kind}}", "_data": {"block_size": {{block}}}, "_tensor_data_names": ["qdata", "scale"]}""",
        ["tensor_names"] = $"[\"{Layer}.weight\"]",
    };

    [Theory, InlineData("Int8Tensor", false), InlineData("IntxUnpackedToInt8Tensor", true)]
    public void TorchaosBytesAreLessAZeroTimesAScale(string kind, bool hasZero)
    {
        using var scope = NewDisposeScope();
        var numbers = tensor(new sbyte[] { -2, 1, 3, 4, 5, -6, 7, 8 }, ScalarType.Int8).reshape(2, 4);
        var scale = tensor(new float[] { 1, 2, 0.5f, 4 }).reshape(2, 2);
        (string, Tensor)[] parts = [("._weight_qdata", numbers), ("._weight_scale", scale)];
        if (hasZero) parts = [.. parts, ("._weight_zero_point", tensor(new sbyte[] { 1, 0, -1, 2 }, ScalarType.Int8).reshape(2, 2))];
        using var file = Open("torchao", Header(kind), parts);
        float[] wanted = hasZero ? [-3, 0, 6, 8, 3, -2.5f, 20, 24] : [-2, 1, 6, 8, 2.5f, -3, 28, 32];
        AssertHolds(file, tensor(wanted).reshape(2, 4));
    }

    // Two in a byte, the even column low, with signs; scales and zeros (groups, outputs); W = q·scale + zero.
    [Theory, InlineData(false), InlineData(true)]
    public void TorchaosPairsAreTimesAScaleMoreThanAZero(bool scalesInputs)
    {
        using var scope = NewDisposeScope();
        var pairs = tensor(new sbyte[] { Pair(1, -2), Pair(7, -8), Pair(0, 3), Pair(-1, 5) }, ScalarType.Int8).reshape(2, 2);
        (string, Tensor)[] parts =
        [
            ("._weight_qdata", pairs), ("._weight_scale", tensor(new float[] { 1, 2, 0.5f, 3 }).reshape(2, 2)),
            ("._weight_zero_point", tensor(new float[] { 0, 10, 1, -1 }).reshape(2, 2)),
        ];
        if (scalesInputs) parts = [.. parts, ("._weight_act_pre_scale", tensor(new float[] { 1, 2, 3, 4 }))];
        using var file = Open("torchao", Header("Int4Tensor"), parts);
        var wanted = tensor(new float[] { 1, -2, 4.5f, -3, 10, 16, -4, 14 }).reshape(2, 4);
        AssertHolds(file, scalesInputs ? wanted * tensor(new float[] { 1, 2, 3, 4 }) : wanted);

        static sbyte Pair(int low, int high) => (sbyte)(high << 4 | low & 15);
    }

    [Theory, InlineData(1, 1), InlineData(2, 1), InlineData(2, 2)]
    public void TorchaosEightBitFloatsAreTimesTheScaleOfTheirBlock(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var values = tensor(new float[] { 1, 2, -4, 0.5f, 8, 1, 1, 2 }).reshape(2, 4);
        var scale = arange(1, rows * columns + 1, ScalarType.Float32).reshape(rows, columns);
        using var file = Open("torchao", Header("Float8Tensor", $"[{2 / rows}, {4 / columns}]"), ("._weight_qdata", Float8Rounding.Encode(values, TensorDtype.F8_E4M3)), ("._weight_scale", scale));
        AssertHolds(file, values * scale.repeat_interleave(2 / rows, 0).repeat_interleave(4 / columns, 1));
    }

    // Three rows in blocks of two are not two blocks of one and a half.
    [Fact]
    public void TorchaosBlocksAreThoseOfTheHeaderOrDivideTheWeight()
    {
        using var scope = NewDisposeScope();
        var (values, scale) = (tensor(new float[] { 1, 2, -4, 0.5f, 8, 1 }).reshape(3, 2), tensor(new float[] { 2, 3 }).reshape(2, 1));
        (string, Tensor)[] parts = [("._weight_qdata", Float8Rounding.Encode(values, TensorDtype.F8_E4M3)), ("._weight_scale", scale)];
        using (var file = Open("torchao", Header("Float8Tensor", "[2, 2]"), parts))
            AssertHolds(file, values * tensor(new float[] { 2, 2, 3 }).reshape(3, 1));
        using var untold = Open("torchao", Header("Float8Tensor", "null"), parts);
        Assert.Contains("block_size", Assert.Throws<LowrankException>(() => untold.Read($"{Layer}.weight")).Message);
    }

    [Fact]
    public void TorchaosOtherKindsAndLayersWithoutOneAreNamed()
    {
        using var scope = NewDisposeScope();
        (string, Tensor)[] parts = [("._weight_qdata", zeros([2, 4], ScalarType.Int8)), ("._weight_scale", ones(2, 1))];
        string other = Assert.Throws<LowrankException>(() => Open("torchao", Header("Int4TilePackedTo4dTensor"), parts)).Message;
        Assert.Contains($"{Layer}.weight is torchao's Int4TilePackedTo4dTensor", other);
        Assert.Contains($"{Layer}.weight", Assert.Throws<LowrankException>(() => Open("torchao", null, parts)).Message);
    }
}
