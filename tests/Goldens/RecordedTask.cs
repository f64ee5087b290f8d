using Lowrank.Diffusion;
using Lowrank.Models;
using Lowrank.Testing;
using Lowrank.Training;
using static TorchSharp.torch;

namespace Goldens;

/// <summary>Denoising of recorded latents with recorded noise, timesteps and token ids.</summary>
sealed class RecordedTask(GoldenCase c, TrajectoryConfig config, StableDiffusion model) : ITrainingTask
{
    readonly DenoisingLoss loss = new(model, new DenoisingOptions(config.Compute)
    {
        Prediction = config.Prediction,
        ZeroTerminalSnr = config.ZeroTerminalSnr,
        Loss = new() { MinSnrGamma = config.MinSnrGamma },
    });

    public int BatchesPerEpoch => config.Batches;

    /// <summary>Losses of the samples of each batch so far.</summary>
    public List<Tensor> PerSample { get; } = [];

    public Tensor Loss(long number)
    {
        var noise = Batch("noise", number).to(ScalarType.Float32);
        var text = new TextConditioning(model.TextEncoder.Run(Batch("input_ids", number).to(ScalarType.Int64)).LastHiddenState, null);
        var losses = loss.PerSample(Batch("latents", number).to(ScalarType.Float32), new TrainingNoise(noise, noise, Batch("timesteps", number).to(ScalarType.Int64)), text);
        PerSample.Add(losses.detach().clone().DetachFromDisposeScope());
        return losses.mean();
    }

    Tensor Batch(string name, long number) => c.Group.Tensors.Read(c["inputs"].GetProperty("batches").GetProperty(name).GetString()!)[number];
}
