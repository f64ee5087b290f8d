namespace Lowrank.Workbench;

/// <summary>What of a request pictures' texts tell beside what the pipeline knows: files and settings by which it is made again.</summary>
static class RequestFields
{
    /// <summary>Names of fields; those of the autoencoder and the refiner are AUTOMATIC1111's.</summary>
    public const string Vae = "VAE", VaeHash = "VAE hash", Refiner = "Refiner", SwitchAt = "Refiner switch at",
        Prediction = "Prediction", Precision = "Precision";

    const int VaeDigits = 10;

    /// <summary>The fields.</summary>
    /// <param name="request">The request.</param>
    /// <param name="precision">How the network is computed.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(GeneratingRequest request, Precision precision)
    {
        if (request.Vae is { } vae)
        {
            if (HashOf(vae) is { } hash) yield return new(VaeHash, hash);
            yield return new(Vae, Path.GetFileName(Path.TrimEndingDirectorySeparator(vae)));
        }
        var words = DenoisingSection.Predictions;
        if (request.ModelOptions.Prediction is { } prediction)
            yield return new(Prediction, words.All.First(word => words.Of(word) == prediction));
        yield return new(Precision, PrecisionNames.Of(precision));
    }

    /// <summary>The digits by which AUTOMATIC1111 tells autoencoders apart; null of a folder.</summary>
    public static string? HashOf(string vae) => File.Exists(vae) ? FileSha256.Of(vae)[..VaeDigits] : null;
}
