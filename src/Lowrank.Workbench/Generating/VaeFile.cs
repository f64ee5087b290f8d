namespace Lowrank.Workbench;

/// <summary>The autoencoder of a request that works in place of the model's own.</summary>
sealed class VaeFile : IDisposable
{
    /// <summary>Fields of pictures' texts that tell it, as AUTOMATIC1111 names them.</summary>
    public const string NameField = "VAE", HashField = "VAE hash";

    const int HashDigits = 10;

    readonly Autoencoder vae;
    readonly KeyValuePair<string, string>[] fields;

    VaeFile(string path, GeneratingRequest request, StableDiffusion model, Device device, Account account)
    {
        vae = AutoencoderPlace.Load(path, Lowrank.Torch.Layers.Storage.Default, request.ModelOptions.Config,
            taken => account.Takes("vae", taken), left => account.Leaves("vae", left), model.VaeConfig.ScalingFactor);
        if (!Fits(vae, model))
        {
            vae.Dispose();
            throw Unfit(path, model);
        }
        vae.to(device);
        if (!vae.Encodes && request.Change is not null)
            account.Leaves("vae", $"{path} is a decoder alone: the picture that is changed is encoded by the model's own autoencoder");
        string[] hash = HashOf(path) is { } digits ? [digits] : [];
        fields = [.. hash.Select(one => new KeyValuePair<string, string>(HashField, one)), new(NameField, NameOf(path))];
    }

    /// <summary>The autoencoder.</summary>
    public Autoencoder Autoencoder => vae;

    /// <summary>Loads that of a request, and tells what of it is not used; null where it names none.</summary>
    /// <exception cref="LowrankException">It is missing or none, or is made for another base model.</exception>
    public static VaeFile? Of(GeneratingRequest request, StableDiffusion model, Device device, Account account) =>
        request.Vae is { } path ? new(path, request, model, device, account) : null;

    /// <summary>A request's options with it, where there is one; a program's own jobs tell it by themselves.</summary>
    public static GenerateOptions In(GenerateOptions options, VaeFile? file) => file is null ? options : options with
    {
        Vae = file.vae,
        InfoFields = options.Compat.HasOwnJobs ? options.InfoFields : [.. options.InfoFields, .. file.fields],
    };

    /// <summary>What it is called: the file's name, or the folder's.</summary>
    public static string NameOf(string path) => Path.GetFileName(Path.TrimEndingDirectorySeparator(path));

    /// <summary>The first digits of a file's SHA-256; null for a folder.</summary>
    public static string? HashOf(string path) => File.Exists(path) ? KeptSha256.Of(path)[..HashDigits] : null;

    /// <summary>Whether its latents have the shape of a model's.</summary>
    public static bool Fits(Autoencoder vae, StableDiffusion model) =>
        vae.LatentChannels == model.VaeConfig.LatentChannels && vae.Factor == model.VaeConfig.Factor;

    /// <summary>What it is refused with where it does not.</summary>
    public static LowrankException Unfit(string path, StableDiffusion model) =>
        new($"{path} has latents of another shape than {model.Name}'s: it is for another base model.");

    /// <inheritdoc/>
    public void Dispose() => vae.Dispose();
}
