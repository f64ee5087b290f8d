namespace Lowrank.Training;

/// <summary>A kind of training: what can be learnt from what.</summary>
/// <param name="Form">The fields of its recipes; its task is the kind's name.</param>
/// <param name="OpenJob">
/// Reads data and model of a recipe, as far as they are needed before an adapter is made. Listeners are told what is done.
/// </param>
public sealed record TrainingKind(RecipeForm Form, Func<TrainingRecipe, ITrainingListener, CancellationToken, ITrainingJob> OpenJob)
{
    /// <summary>Its name, as a recipe's task has it.</summary>
    public string Name => Form.Task;
}
