namespace Lowrank.Training;

/// <summary>The training pictures as the autoencoder sees them: mean and standard deviation of the latents, float32, on the CPU.</summary>
/// <remarks>
/// kohya keeps one sample of each picture's distribution for the whole run; here every step draws a fresh one, which costs nothing and
/// repeats no noise.
/// </remarks>
public sealed class LatentCache : IDisposable
{
    readonly List<(PictureSize Size, Tensor Mean, Tensor Deviation)> latents = [];

    LatentCache(double scale) => Scale = scale;

    /// <summary>By what latents are multiplied before the UNet sees them.</summary>
    public double Scale { get; }

    /// <summary>Encodes each picture at its training size: resized to cover it, and cropped from the middle.</summary>
    /// <param name="model">Whose autoencoder encodes.</param>
    /// <param name="pictures">The pictures.</param>
    /// <param name="sizeOf">The training size of each.</param>
    /// <param name="kept">Where encoded pictures of earlier runs are, or null.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Looked at between pictures.</param>
    /// <exception cref="LowrankException">A picture is broken.</exception>
    public static LatentCache Encode(
        StableDiffusion model, IReadOnlyList<TrainingPicture> pictures, Func<TrainingPicture, PictureSize> sizeOf, EncodingCache? kept,
        Action<int, int> progress, CancellationToken cancel)
    {
        var cache = new LatentCache(model.VaeConfig.ScalingFactor);
        try
        {
            using var grad = no_grad();
            string autoencoder = kept is null ? "" : EncodingCache.HashOf(model, "vae");
            foreach (var picture in pictures)
            {
                cancel.ThrowIfCancellationRequested();
                using var scope = NewDisposeScope();
                var size = sizeOf(picture);
                Func<Dictionary<string, Tensor>> encode = () => Encode(model, picture.Path, size);
                var tensors = kept is null ? encode()
                    : kept.Keep("latents", [EncodingCache.HashOf(picture.Path), $"{size}", autoencoder], encode);
                cache.latents.Add((size, scope.Detach(tensors["mean"]), scope.Detach(tensors["deviation"])));
                progress(cache.latents.Count, pictures.Count);
            }
            return cache;
        }
        catch
        {
            cache.Dispose();
            throw;
        }
    }

    static Dictionary<string, Tensor> Encode(StableDiffusion model, string path, PictureSize size)
    {
        var pixels = PictureTransforms.ToTensor(PictureTransforms.CoverCrop(PictureFile.Read(path), size.Width, size.Height));
        var weights = model.Vae.parameters().First();
        var distribution = model.Vae.Encode(pixels.unsqueeze(0).to(weights.dtype, weights.device));
        return new()
        {
            ["mean"] = distribution.Mean[0].to(ScalarType.Float32).cpu(),
            ["deviation"] = distribution.LogVariance[0].to(ScalarType.Float32).mul(0.5).exp().cpu(),
        };
    }

    /// <summary>The training size of some pictures, which is one for all of them.</summary>
    /// <exception cref="LowrankException">They have several.</exception>
    public PictureSize SizeOf(IReadOnlyList<int> pictures)
    {
        var size = latents[pictures[0]].Size;
        foreach (int picture in pictures)
            if (latents[picture].Size != size) throw Several(pictures);
        return size;
    }

    LowrankException Several(IReadOnlyList<int> pictures)
    {
        var sizes = pictures.Select(picture => latents[picture].Size).Distinct();
        return new($"a batch holds pictures of several sizes: {string.Join(", ", sizes)}");
    }

    /// <summary>Scaled latents of some pictures of one size (B, C, H, W), sampled anew.</summary>
    public Tensor Sample(IReadOnlyList<int> pictures, Generator generator)
    {
        using var scope = NewDisposeScope();
        var mean = stack([.. pictures.Select(picture => latents[picture].Mean)]);
        var deviation = stack([.. pictures.Select(picture => latents[picture].Deviation)]);
        return scope.MoveToOuter((mean + deviation * randn(mean.shape, device: CPU, generator: generator)) * Scale);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (_, mean, deviation) in latents)
        {
            mean.Dispose();
            deviation.Dispose();
        }
    }
}
