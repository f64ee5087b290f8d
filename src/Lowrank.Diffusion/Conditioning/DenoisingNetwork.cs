using Lowrank.Models;

namespace Lowrank.Diffusion;

/// <summary>A model's denoising network as sampling asks it: samples in and answers out in float32, whatever it computes in.</summary>
/// <param name="unet">The network; it lies on <paramref name="device"/>.</param>
/// <param name="compute">dtype in which it is computed.</param>
/// <param name="device">Where.</param>
public sealed class DenoisingNetwork(UNet2DConditionModel unet, ScalarType compute, Device device)
{
    /// <summary>The bare answer to samples of unit variance (B, C, H, W) at a level.</summary>
    /// <param name="x">The samples.</param>
    /// <param name="level">Their level, of which the network is told the timestep.</param>
    /// <param name="condition">What else it is told.</param>
    /// <param name="changes">What is done otherwise inside of it; null for nothing.</param>
    public Tensor Ask(Tensor x, NoiseLevel level, NetworkCondition condition, UNetChanges? changes = null)
    {
        using var call = NewDisposeScope();
        var timestep = tensor((float)level.Timestep, device: device);
        if (condition.Beside is { } beside) x = cat([x, beside], 1);
        var answer = unet.Run(x.to(compute, device), timestep, condition.Context, condition.Added, changes);
        return call.MoveToOuter(answer.to(ScalarType.Float32));
    }

    /// <summary>What the network is told of encoded prompts.</summary>
    /// <param name="text">The prompts, a row each.</param>
    /// <param name="sizes">Sizes for all of them, which XL alone is told.</param>
    /// <param name="beside">Channels beside the sample, (B, C', H, W), which inpainting models alone are shown.</param>
    /// <param name="isNegative">Whether the prompts are those against which is drawn; XL's refiner is told another score then.</param>
    public NetworkCondition ConditionOf(
        TextConditioning text, SizeConditions sizes, Tensor? beside = null, bool isNegative = false)
    {
        var context = text.Context.to(compute);
        if (text.Pooled is not { } pooled) return new(context, null) { Beside = beside };
        var (rows, width) = pooled.shape;
        int count = unet.Config.AddedNumbers(width);
        var numbers = sizes.ToTensor(count, isNegative, device).expand(rows, count);
        return new(context, new AddedConditions(pooled.to(compute), numbers))
        {
            Beside = beside,
        };
    }
}
