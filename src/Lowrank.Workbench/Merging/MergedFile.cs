namespace Lowrank.Workbench;

/// <summary>How a merged base model is written.</summary>
static class MergedFile
{
    const double Whole = 100;

    /// <summary>The options of rewriting; a stage of the job follows the bytes.</summary>
    /// <param name="request">The request.</param>
    /// <param name="inputs">What is merged into the base.</param>
    /// <param name="run">The job at work.</param>
    public static RewriteOptions Options(MergingRequest request, IReadOnlyList<string> inputs, JobRun run)
    {
        var stage = run.Begin("merging", Whole);
        return new()
        {
            Dtype = request.Dtype is { } dtype ? TensorDtypes.Of(dtype) : null,
            Overwrite = request.Overwrite,
            Inputs = inputs,
            Metadata = new Dictionary<string, string>
            {
                ["modelspec.title"] = NameOf(request.Output),
                ["modelspec.merged_from"] = string.Join(", ", inputs.Select(path => NameOf(Path.TrimEndingDirectorySeparator(path)))),
            },
            Progress = (done, all) => stage.Report(Whole * done / Math.Max(all, 1)),
        };
    }

    static string NameOf(string path) => Path.GetFileNameWithoutExtension(path);
}
