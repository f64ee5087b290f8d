#pragma warning disable IDE0005 // the tests of the workbench compile this file too, and have these names everywhere
using Lowrank.Formats;
using Lowrank.Models;
using static TorchSharp.torch;
#pragma warning restore IDE0005

namespace Lowrank.Diffusion.Tests;

/// <summary>A model of XL's refiner's kind, of random weights: four levels, one text encoder, five numbers.</summary>
static class TinyRefiner
{
    static readonly UNetConfig unet = UNetConfig.SdxlRefiner with
    {
        BlockChannels = [64, 64, 64, 64],
        LayersPerBlock = [1, 1, 1, 1],
        Heads = [1, 1, 1, 1],
        TransformerDepth = [1, 1, 1, 1],
        CrossAttentionChannels = 64,
        AddedTimeWidth = 32,
        AddedInputWidth = 64 + 5 * 32,
    };

    static readonly VaeConfig vae = VaeConfig.Sdxl with { BlockChannels = [32, 32, 32, 32], LayersPerBlock = 1 };

    static readonly ClipTextConfig text = ClipTextConfig.SdxlSecond with { HiddenSize = 64, IntermediateSize = 128, Layers = 2, Heads = 1, ProjectionSize = 64 };

    /// <summary>Writes it as a single file, in the names that the published one has.</summary>
    public static void Write(string path)
    {
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        using var drawn = new Generator(5, CPU);
        var storage = Lowrank.Torch.Layers.Storage.Default;
        (nn.Module Module, CheckpointNames Names)[] parts =
        [
            (new UNet2DConditionModel(unet, storage), CheckpointNames.UNet(unet)),
            (new AutoencoderKL(vae, storage), CheckpointNames.Vae(vae)),
            (new ClipTextModel(text, storage), CheckpointNames.Clip(ClipSpelling.OpenClip, "conditioner.embedders.0.model.")),
        ];
        var tensors = new List<KeyValuePair<string, Tensor>>();
        foreach (var (module, names) in parts)
        {
            var state = module.state_dict().Select(pair => (Place: names.ToKey(pair.Key)!.Value, Weight: Weight(pair.Key, pair.Value.shape, drawn)));
            foreach (var group in state.GroupBy(item => item.Place.Key))
                tensors.Add(new(group.Key, Folded([.. group.OrderBy(item => item.Place.Folding).Select(item => (item.Place.Folding, item.Weight))])));
            module.Dispose();
        }
        Safetensors.Save(path, tensors);
    }

    static Tensor Weight(string name, long[] shape, Generator drawn)
    {
        var weight = randn(shape, dtype: ScalarType.Float32, device: CPU, generator: drawn) * 0.1;
        bool scales = name.Contains("norm", StringComparison.Ordinal) && name.EndsWith(".weight", StringComparison.Ordinal);
        return scales ? weight + 1 : weight;
    }

    static Tensor Folded(IReadOnlyList<(Folding Folding, Tensor Weight)> parts) => parts switch
    {
        [(Folding.Convolution, var one)] => one.view(one.shape[0], one.shape[1], 1, 1),
        [(Folding.Transposed, var one)] => one.t().contiguous(),
        [(_, var one)] => one,
        _ => cat([.. parts.Select(part => part.Weight)], 0),
    };
}
