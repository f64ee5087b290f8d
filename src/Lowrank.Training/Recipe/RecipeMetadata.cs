namespace Lowrank.Training;

/// <summary>What a file's metadata tell of a recipe.</summary>
public static class RecipeMetadata
{
    /// <summary>The <c>ss_</c> keys of its fields, as text.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(TrainingRecipe recipe) =>
        from field in recipe.Form.Fields
        where field.MetadataKey is not null
        select KeyValuePair.Create(field.MetadataKey, KohyaMetadata.Text(field.MetadataOf(recipe)));
}
