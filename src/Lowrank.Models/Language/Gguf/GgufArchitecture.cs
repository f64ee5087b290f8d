namespace Lowrank.Models;

/// <summary>What a GGUF file says that it is.</summary>
static class GgufArchitecture
{
    /// <summary>The keys of the architecture's name, and of what a file holds.</summary>
    public const string Key = "general.architecture", TypeKey = "general.type";

    const string TokenizerKey = "tokenizer.ggml.model";

    /// <summary>Whether it is a model; else an adapter, a vocabulary or what models of pictures have besides.</summary>
    /// <remarks>Files of before the key of the type do not tell, nor adapters whose program left it out: a model counts its
    /// layers.</remarks>
    public static bool IsModel(GgufMetadata metadata)
    {
        if (metadata.Find(Key)?.Value is not string architecture) return false;
        const string OfAdapters = "adapter.";
        return metadata.Find(TypeKey)?.Value switch
        {
            null => metadata.Find($"{architecture}.block_count") is not null
                || !metadata.Any(entry => entry.Key.StartsWith(OfAdapters, StringComparison.Ordinal)),
            var type => type is "model",
        };
    }

    /// <summary>Which of some layouts a file has; null for none.</summary>
    public static T? Of<T>(GgufMetadata metadata, IEnumerable<T> families, Func<T, GgufLayout?> layout) where T : class
    {
        string? name = metadata.Find(Key)?.Value as string, tokenizer = metadata.Find(TokenizerKey)?.Value as string;
        var alike = families.Where(family => layout(family)?.Architecture == name).ToList();
        return alike.Find(family => layout(family)!.Tokenizer is { } own && own == tokenizer)
            ?? alike.Find(family => layout(family)!.Tokenizer is null);
    }
}
