namespace Lowrank.Workbench;

/// <summary>Merges base models with each other.</summary>
static class MergeOfModels
{
    /// <summary>Each of the others with its weight, the base with what is left to 1.</summary>
    public static MergingReport WeightedSum(MergingRequest request, JobRun run)
    {
        GivenModels.Check([request.Base.Path!, .. request.Others.Select(other => other.Path)]);
        var opened = new List<ModelOutline>();
        try
        {
            string basePath = request.Base.Path!;
            foreach (string path in request.Others.Select(other => other.Path).Prepend(basePath))
                opened.Add(ModelKinds.Outline(path, request.Base.Options));
            var edit = ModelMixing.Weighted(opened[0], [.. opened.Skip(1).Zip(request.Others, (model, other) => (model, other.Weight))]);
            double kept = 1 - request.Others.Sum(other => other.Weight);
            var others = request.Others.Select(other => WeightedPath.Text(other.Path, other.Weight));
            string[] told = [WeightedPath.Text(basePath, kept), .. others];
            return Written("weighted sum", told, opened, edit, request, [.. request.Others.Select(other => other.Path)], run);
        }
        finally
        {
            opened.ForEach(model => model.Dispose());
        }
    }

    /// <summary>base + times·(plus − minus).</summary>
    public static MergingReport Difference(MergingRequest request, JobRun run)
    {
        var (plus, minus, times) = (request.Plus!, request.Minus!, request.Times);
        GivenModels.Check(request.Base.Path!, plus, minus);
        using var model = ModelKinds.Outline(request.Base.Path!, request.Base.Options);
        using var first = ModelKinds.Outline(plus, request.Base.Options);
        using var second = ModelKinds.Outline(minus, request.Base.Options);
        var edit = ModelMixing.AddDifference(model, first, second, times);
        string[] told = [model.Location, WeightedPath.Text(plus, times), WeightedPath.Text(minus, -times)];
        return Written("add difference", told, [model, first, second], edit, request, [plus, minus], run);
    }

    static MergingReport Written(
        string way,
        IReadOnlyList<string> told,
        List<ModelOutline> opened,
        WeightEdit edit,
        MergingRequest request,
        IReadOnlyList<string> inputs,
        JobRun run)
    {
        var written = MergedModel.Write(opened[0], edit, request, inputs, run);
        return new("base model", way, told, request.Output, written.Changed, null, null, written.Bytes,
            [.. written.Notes, .. request.Base.Unused(leftOut: false, [.. inputs.Prepend(request.Base.Path).Zip(opened)])]);
    }
}
