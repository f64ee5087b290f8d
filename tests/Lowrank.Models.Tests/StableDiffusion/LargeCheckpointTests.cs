using System.Text.Json;
using Lowrank.Testing;
using TorchSharp;
using static TorchSharp.torch;

namespace Lowrank.Models.Tests;

/// <summary>A checkpoint of real size: SDXL in float16, 7 GB of which are on no disk.</summary>
public sealed class LargeCheckpointTests : IDisposable
{
    readonly string root = Directory.CreateTempSubdirectory("lowrank-large-").FullName;

    public void Dispose() => Directory.Delete(root, true);

    // Shapes without values, under a checkpoint's names.
    static IEnumerable<(string Key, long[] Shape)> Tensors()
    {
        var nowhere = new Storage(ScalarType.Float32, new Device(DeviceType.META));
        (nn.Module Module, CheckpointNames Names)[] parts =
        [
            (new UNet2DConditionModel(UNetConfig.Sdxl, nowhere), CheckpointNames.UNet(UNetConfig.Sdxl)),
            (new AutoencoderKL(VaeConfig.Sdxl, nowhere), CheckpointNames.Vae(VaeConfig.Sdxl)),
            (new ClipTextModel(ClipTextConfig.Sd15, nowhere), CheckpointNames.Clip(ClipSpelling.Transformers, "conditioner.embedders.0.transformer.")),
            (new ClipTextModel(ClipTextConfig.SdxlSecond, nowhere), CheckpointNames.Clip(ClipSpelling.Transformers, "conditioner.embedders.1.transformer.")),
        ];
        foreach (var (module, names) in parts)
            using (module)
                foreach (var (own, tensor) in module.state_dict())
                    if (names.ToKey(own) is var (key, folding)) yield return (key, folding == Folding.Convolution ? [.. tensor.shape, 1, 1] : tensor.shape);
    }

    static (byte[] Head, long Length) Layout()
    {
        using var scope = NewDisposeScope();
        long end = 0;
        var header = new Dictionary<string, object>();
        foreach (var (key, shape) in Tensors())
        {
            long begin = end;
            end += 2 * shape.Aggregate(1L, (product, axis) => product * axis);
            header[key] = new { dtype = "F16", shape, data_offsets = new[] { begin, end } };
        }
        byte[] json = JsonSerializer.SerializeToUtf8Bytes(header);
        return ([.. BitConverter.GetBytes((long)json.Length), .. json], 8 + json.Length + end);
    }

    [Fact]
    public void SdxlOpensInATenthOfASecondAndTakesNoMemoryButTheHeader()
    {
        string path = Path.Combine(root, "sdxl.safetensors");
        var (head, length) = Layout();
        Assert.InRange(length, 6_500_000_000, 7_500_000_000);
        SparseFile.Create(path, head, length);
        ModelCheckpoint.Open(path).Dispose();   // what is compiled takes memory too
        var best = BestTime.AssertBelow(TimeSpan.FromMilliseconds(100), () =>
        {
            long held = Environment.WorkingSet, allocated = GC.GetAllocatedBytesForCurrentThread();
            using var checkpoint = ModelCheckpoint.Open(path);
            Assert.Equal("sdxl", checkpoint.Kind.Family);
            Assert.Equal(["unet", "vae", "text_encoder", "text_encoder_2"], checkpoint.Kind.Parts);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 8 << 20);
            Assert.InRange(Environment.WorkingSet - held, long.MinValue, 64 << 20);
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{best.TotalMilliseconds:0.0} ms");

        using var opened = ModelCheckpoint.Open(path);
        Assert.Equal(UNetConfig.Sdxl.CrossAttentionChannels, opened.UNetConfig.CrossAttentionChannels);
        Assert.Empty(opened.Unknown);
        using var part = opened.Part("text_encoder_2");
        using var values = part.Read("text_model.final_layer_norm.bias");
        Assert.Equal(1280, values.numel());
    }
}
