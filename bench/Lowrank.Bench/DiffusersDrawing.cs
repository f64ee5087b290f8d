using Lowrank.Diffusion;

namespace Lowrank.Bench;

/// <summary>
/// Text-to-image as diffusers' StableDiffusionPipeline computes it (0.42, pipeline_stable_diffusion.py), written out on the same libtorch
/// and its own kernels: every part is in memory from beginning to end, both sides of the guidance are one batch, and the picture is
/// decoded whole.
/// </summary>
/// <param name="model">The model; all parts are loaded.</param>
/// <param name="dtype">In which dtype weights are kept and all is computed.</param>
sealed class DiffusersDrawing(StableDiffusion model, ScalarType dtype)
{
    /// <summary>Draws a picture of a seed.</summary>
    public Picture Draw(DrawingTask task)
    {
        using var kernels = OwnRoads.Close();
        using var grad = no_grad();
        using var scope = NewDisposeScope();
        var context = cat([Encode(""), Encode(DrawingTask.Prompt)]).to(dtype);
        var levels = SigmaTable.Of(NoiseSchedule.From(model.Scheduler));
        double[] sigmas = [.. Spread.Even(levels.Sigmas.Count - 1, 0, task.Steps).Select(levels.AtTimestep), 0];
        var x = Start(task, sigmas[0]);
        for (int i = 0; i < task.Steps; i++) x = x.Then(Step(x, context, sigmas[i], sigmas[i + 1], levels, DrawingTask.Guidance));
        var decoded = model.Vae.Decode((x / model.VaeConfig.ScalingFactor).to(dtype));
        return PictureTransforms.FromTensor(decoded[0].to(ScalarType.Float32));
    }

    // EulerDiscreteScheduler with linspace spacing: x = x0 + sigma * noise.
    Tensor Step(Tensor x, Tensor context, double sigma, double next, SigmaTable levels, double guidance)
    {
        using var step = NewDisposeScope();
        var both = cat([x, x]) / Math.Sqrt(sigma * sigma + 1);
        var timestep = tensor((float)levels.Timestep(sigma), device: CPU);
        var halves = model.UNet.Run(both.to(dtype), timestep, context).to(ScalarType.Float32).chunk(2);
        var noise = halves[0] + guidance * (halves[1] - halves[0]);
        return step.MoveToOuter(x + noise * (next - sigma));
    }

    static Tensor Start(DrawingTask task, double sigma)
    {
        using var generator = new Generator((ulong)DrawingTask.Seed);
        return randn([1, 4, task.Size / 8, task.Size / 8], dtype: ScalarType.Float32, device: CPU, generator: generator) * sigma;
    }

    Tensor Encode(string prompt)
    {
        using var scope = NewDisposeScope();
        var ids = tensor(model.Tokenizer.Encode(prompt).Select(id => (long)id).ToArray(), device: CPU).unsqueeze(0);
        return scope.MoveToOuter(model.TextEncoder.Run(ids).LastHiddenState);
    }
}
