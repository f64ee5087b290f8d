namespace Lowrank.Workbench;

/// <summary>What of a request pictures' texts tell beside what the pipeline knows: files and settings by which it is made again.</summary>
static class RequestFields
{
    /// <summary>Names of fields that AUTOMATIC1111 does not have.</summary>
    public const string Prediction = "Prediction", Precision = "Precision";

    /// <summary>The fields.</summary>
    /// <param name="request">The request.</param>
    /// <param name="precision">How the network is computed.</param>
    public static IEnumerable<KeyValuePair<string, string>> Of(GeneratingRequest request, Precision precision)
    {
        var words = DenoisingSection.Predictions;
        if (request.ModelOptions.Prediction is { } prediction)
            yield return new(Prediction, words.All.First(word => words.Of(word) == prediction));
        yield return new(Precision, PrecisionNames.Of(precision));
    }
}
