namespace Lowrank.Training;

/// <summary>Fields that are told one after another under a title.</summary>
/// <param name="Title">The title.</param>
/// <param name="Fields">The fields, in order.</param>
public sealed record RecipeChapter(string Title, params IReadOnlyList<RecipeField> Fields);
