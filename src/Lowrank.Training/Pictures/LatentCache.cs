namespace Lowrank.Training;

/// <summary>The training pictures as the autoencoder sees them: mean and standard deviation of the latents, float32, on the CPU.</summary>
/// <remarks>
/// kohya keeps one sample of each picture's distribution for the whole run; here every step draws a fresh one, which costs nothing and repeats no noise.
/// </remarks>
public sealed class LatentCache : IDisposable
{
    readonly List<(Tensor Mean, Tensor Deviation)> latents = [];

    LatentCache(double scale) => Scale = scale;

    /// <summary>By what latents are multiplied before the UNet sees them.</summary>
    public double Scale { get; }

    /// <summary>Encodes each picture at the training size: resized to cover it, and cropped from the middle.</summary>
    /// <param name="model">Whose autoencoder encodes.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="recipe">The training size.</param>
    /// <param name="kept">Where encoded pictures of earlier runs are, or null.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Looked at between pictures.</param>
    /// <exception cref="LowrankException">A picture is broken.</exception>
    public static LatentCache Encode(StableDiffusion model, IReadOnlyList<TrainingPicture> pictures, TrainingRecipe recipe, EncodingCache? kept, Action<int, int> progress, CancellationToken cancel)
    {
        var cache = new LatentCache(model.VaeConfig.ScalingFactor);
        try
        {
            using var grad = no_grad();
            string autoencoder = kept is null ? "" : EncodingCache.HashOf(model, "vae");
            for (int i = 0; i < pictures.Count; i++)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                string path = pictures[i].Path;
                var tensors = kept is null ? Encode(model, path, recipe)
                    : kept.Keep("latents", [EncodingCache.HashOf(path), $"{recipe.Width}x{recipe.Height}", autoencoder], () => Encode(model, path, recipe));
                cache.latents.Add((scope.Detach(tensors["mean"]), scope.Detach(tensors["deviation"])));
                progress(i + 1, pictures.Count);
            }
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    static Dictionary<string, Tensor> Encode(StableDiffusion model, string path, TrainingRecipe recipe)
    {
        var pixels = PictureTransforms.ToTensor(PictureTransforms.CoverCrop(PictureFile.Read(path), recipe.Width, recipe.Height));
        var weights = model.Vae.parameters().First();
        var distribution = model.Vae.Encode(pixels.unsqueeze(0).to(weights.dtype, weights.device));
        return new()
        {
            ["mean"] = distribution.Mean[0].to(ScalarType.Float32).cpu(),
            ["deviation"] = distribution.LogVariance[0].to(ScalarType.Float32).mul(0.5).exp().cpu(),
        };
    }

    /// <summary>Scaled latents of some pictures (B, C, H, W), sampled anew.</summary>
    public Tensor Sample(int[] pictures, Generator generator)
    {
        using var scope = NewDisposeScope();
        var mean = stack([.. pictures.Select(p => latents[p].Mean)]);
        var deviation = stack([.. pictures.Select(p => latents[p].Deviation)]);
        return scope.MoveToOuter((mean + deviation * randn(mean.shape, generator: generator)) * Scale);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (mean, deviation) in latents)
        {
            mean.Dispose();
            deviation.Dispose();
        }
    }
}
