namespace Lowrank.Workbench;

/// <summary>Trains an adapter as a recipe says. Stopped, it saves what was learnt, and its report says so.</summary>
public sealed class TrainingJob : Job<TrainingRequest, TrainingReport>
{
    /// <inheritdoc/>
    protected override TrainingReport Work(TrainingRequest request, JobRun run)
    {
        var record = new TrainingRecord();
        var recipe = request.Recipe;
        return record.Report(TrainingRun.Run(recipe, [record, new TrainingStages(run)], run.Cancel)) with
        {
            Task = recipe.Form.Task, BaseModel = recipe.Model.BaseModel, Writes = Writes(recipe),
        };
    }

    static bool Writes(TrainingRecipe recipe) =>
        recipe.Form.Task == LanguageRecipe.Form.Task && recipe.Language.ToObjective().Needs.Model == ObjectiveModel.Writer;
}
