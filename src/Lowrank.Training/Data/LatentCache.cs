using System.Security.Cryptography;
using System.Text;

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
    /// <param name="recipe">Size, and whether smaller pictures are enlarged and the cache is kept on disk.</param>
    /// <param name="progress">Told how many are done.</param>
    /// <param name="cancel">Looked at between pictures.</param>
    /// <exception cref="LowrankException">A picture is broken, or smaller than the training size.</exception>
    public static LatentCache Encode(StableDiffusion model, IReadOnlyList<TrainingPicture> pictures, TrainingRecipe recipe, Action<int, int> progress, CancellationToken cancel)
    {
        var cache = new LatentCache(model.VaeConfig.ScalingFactor);
        using var grad = no_grad();
        for (int i = 0; i < pictures.Count; i++)
        {
            cancel.ThrowIfCancellationRequested();
            using var scope = NewDisposeScope();
            var file = recipe.CacheToDisk ? FileFor(pictures[i].Path, model, recipe) : null;
            var (mean, deviation) = file is not null && File.Exists(file) ? Load(file) : Encode(model, pictures[i].Path, recipe);
            if (file is not null && !File.Exists(file))
                Safetensors.Save(file, new Dictionary<string, Tensor> { ["mean"] = mean, ["deviation"] = deviation }, null);
            cache.latents.Add((mean.DetachFromDisposeScope(), deviation.DetachFromDisposeScope()));
            progress(i + 1, pictures.Count);
        }
        return cache;
    }

    static (Tensor Mean, Tensor Deviation) Encode(StableDiffusion model, string path, TrainingRecipe recipe)
    {
        var picture = PictureFile.Read(path);
        if (!recipe.AllowUpscale && (picture.Width < recipe.Width || picture.Height < recipe.Height))
            throw new LowrankException($"{path} is {picture.Width}x{picture.Height}, smaller than the training size {recipe.Width}x{recipe.Height}. Take a larger picture, train at a smaller size, or allow it to be enlarged (allow_upscale: true).");
        var pixels = PictureTransforms.ToTensor(PictureTransforms.CoverCrop(picture, recipe.Width, recipe.Height));
        var weights = model.Vae.parameters().First();
        var distribution = model.Vae.Encode(pixels.unsqueeze(0).to(weights.dtype, weights.device));
        return (distribution.Mean[0].to(ScalarType.Float32).cpu(), distribution.LogVariance[0].to(ScalarType.Float32).mul(0.5).exp().cpu());
    }

    static (Tensor Mean, Tensor Deviation) Load(string file)
    {
        using var stored = Safetensors.Open(file);
        return (stored.Read("mean"), stored.Read("deviation"));
    }

    // Beside the picture, named after what decides the latents: its bytes, the size, the autoencoder's weights.
    static string FileFor(string path, StableDiffusion model, TrainingRecipe recipe)
    {
        var weights = new FileInfo(Path.Combine(model.Folder, "vae", "config.json"));
        var facts = $"{Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)))} {recipe.Width}x{recipe.Height} {Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(weights.FullName)))} {new FileInfo(Directory.EnumerateFiles(weights.DirectoryName!, "*.safetensors").Order(StringComparer.Ordinal).FirstOrDefault() ?? weights.FullName).Length}";
        return Path.Combine(Path.GetDirectoryName(path)!, ".lowrank-cache", $"{Path.GetFileNameWithoutExtension(path)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(facts)))[..16]}.safetensors");
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
