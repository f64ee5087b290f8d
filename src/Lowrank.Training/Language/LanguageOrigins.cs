using System.Security.Cryptography;
using System.Text;

namespace Lowrank.Training;

/// <summary>What a run on texts is made of, by content.</summary>
static class LanguageOrigins
{
    /// <summary>The rows, and the base model.</summary>
    public static IReadOnlyList<TrainingOrigin> Of(TrainingRecipe recipe)
    {
        string data = recipe.Language.Data, model = recipe.Model.BaseModel;
        return
        [
            new("data", Task.FromResult(HashOf(data)), $"other rows than {data} holds now"),
            // Some gigabytes: read beside the rows.
            new("base_model", Task.Run(() => HashOf(model)), $"another base model than {model} is now"),
        ];
    }

    // Of a file, or of all files of a folder.
    static string HashOf(string path)
    {
        if (File.Exists(path)) return HashOfFile(path);
        var hashes = Directory.GetFiles(path).Order(StringComparer.Ordinal).Select(HashOfFile);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join(' ', hashes))));
    }

    static string HashOfFile(string file)
    {
        using var stream = File.OpenRead(file);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
