using Lowrank.Formats;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Single blocks: their values as gguf-py and ggml tell them, and the bytes that both make of floats.</summary>
public sealed class BlockFormatsGoldens
{
    static readonly GoldenList list = new("language/quant", "blocks_cases.json");

    public static IEnumerable<TheoryDataRow<string>> Cases => list.Rows;

    [Theory(SkipTestWithoutData = true), MemberData(nameof(Cases)), Trait("kind", "goldens")]
    public void Blocks(string type) => list.Run(type, golden =>
    {
        using var file = list.Tensors("blocks.safetensors");
        var format = BlockFormats.Named(type)!;
        Assert.Equal(golden.GetProperty("ggml_id").GetInt32(), format.Id);
        Assert.Equal(golden.GetProperty("elements_per_block").GetInt32(), format.Block.Elements);
        Assert.Equal(golden.GetProperty("bytes_per_block").GetInt32(), format.Block.Bytes);

        var (bytes, want) = (file.Read($"{type}.bytes"), file.Read($"{type}.values"));
        var values = new float[want.numel()];
        format.Decode(bytes.data<byte>().ToArray(), values);
        GoldenList.AssertSame(want, tensor(values).view(want.shape), "values");

        var (input, quantised) = (file.Read(golden.GetProperty("input").GetString()!), file.Read($"{type}.quantised"));
        var encoded = new byte[quantised.numel()];
        format.Encode(input.data<float>().ToArray(), encoded);
        GoldenList.AssertSame(quantised, tensor(encoded).view(quantised.shape), "bytes");
    });
}
