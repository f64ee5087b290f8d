namespace Lowrank.Workbench;

/// <summary>Writes a merged base model.</summary>
static class MergedModel
{
    /// <summary>Writes the model anew, changed; a stage of the job follows the bytes.</summary>
    /// <param name="model">The base.</param>
    /// <param name="edit">How it is changed.</param>
    /// <param name="request">The request.</param>
    /// <param name="inputs">What is merged into the base.</param>
    /// <param name="run">The job at work.</param>
    /// <exception cref="LowrankException">The output cannot be written, or a changed weight does not fit into its dtype.</exception>
    public static RewriteReport Write(ModelOutline model, WeightEdit edit, MergingRequest request, IReadOnlyList<string> inputs, JobRun run)
    {
        var stage = run.BeginPercent("merging");
        var options = new RewriteOptions
        {
            Dtype = request.Dtype is { } dtype ? TensorDtypes.Of(dtype) : null,
            Overwrite = request.Overwrite,
            Inputs = inputs,
            Metadata = new Dictionary<string, string>
            {
                ["modelspec.title"] = PlaceName.Of(request.Output),
                ["modelspec.merged_from"] = string.Join(", ", inputs.Select(PlaceName.Of)),
            },
            Progress = stage.ReportShare,
        };
        var written = ModelRewriting.Rewrite(model, request.Output, edit, options, run.Cancel);
        stage.Done();
        return written;
    }
}
