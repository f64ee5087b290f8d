namespace Lowrank.Cli;

/// <summary>The options that let pictures be looked at, on the way and when they are finished.</summary>
sealed class LookOptions
{
    readonly Option<bool> show = new("--show") { Description = "show the pictures in the terminal; of a grid, the grid alone" };

    readonly Option<string> showAs = new("--show-as")
    {
        HelpName = "WAY",
        Description = $"show them in this way: {string.Join(", ", PictureShow.Words)} (the best that the terminal is known to have)",
    };

    public LookOptions() => showAs.AcceptOnlyFromAmong([.. PictureShow.Words]);

    /// <summary>The options.</summary>
    public Option[] All => [.. Settings, show, showAs];

    /// <summary>What is shown on the way.</summary>
    public SettingList<GeneratingRequest> Settings { get; } = new()
    {
        {
            new Option<int>("--preview")
            {
                HelpName = "N",
                Description = "write the picture so far every N steps, beside the output; it is gone when the picture is finished",
            },
            (request, steps) => request with { PreviewEvery = steps }
        },
        {
            new Option<string>("--preview-model")
            {
                HelpName = "FILE|FOLDER",
                Description = "a TAESD that draws previews, its own file (taesd_decoder) or a folder of diffusers (default: a linear " +
                    "approximation of the model's autoencoder)",
            },
            (request, place) => request with { PreviewModel = place }
        },
    };

    /// <summary>Shows files where that is asked for.</summary>
    /// <param name="files">The files.</param>
    /// <param name="isJson">Whether the output is JSON, beside which no picture can stand.</param>
    /// <param name="result">What was typed.</param>
    public void Show(IEnumerable<string> files, bool isJson, ParseResult result)
    {
        string? way = result.GetValue(showAs);
        if (!result.GetValue(show) && way is null) return;
        string asked = result.GetValue(show) ? show.Name : showAs.Name;
        if (isJson) Console.Error.WriteLine($"{asked} is not used: the output is JSON.");
        else
            foreach (string path in files) PictureShow.Write(path, way ?? PictureShow.Auto, asked);
    }
}
