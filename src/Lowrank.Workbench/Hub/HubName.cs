using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>What the Hugging Face hub calls a model, an adapter or a file: <c>hf:owner/name[@revision][//path/file]</c>.</summary>
/// <param name="Owner">The user or the organization.</param>
/// <param name="Name">The repository's name.</param>
/// <param name="Revision">A branch, a tag or a commit; null for the main branch.</param>
/// <param name="Path">A file or a folder of the repository; null for all of it.</param>
public sealed record HubName(string Owner, string Name, string? Revision = null, string? Path = null)
{
    /// <summary>What such names begin with.</summary>
    public const string Prefix = "hf:";

    /// <summary>The revision where none is told.</summary>
    public const string UsualRevision = "main";

    const int LongestId = 96, LongestRevision = 200;
    const string Form = "Write hf:owner/name, hf:owner/name@revision or hf:owner/name//path/file.";

    /// <summary>Owner and name, as the hub writes them.</summary>
    public string Id => $"{Owner}/{Name}";

    /// <summary>The revision that is meant.</summary>
    public string AtRevision => Revision ?? UsualRevision;

    /// <summary>Whether a text is meant as a name on the hub; <c>hf:0.8</c> is a file named hf with a strength.</summary>
    public static bool IsMeant(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && !IsNumber(text[Prefix.Length..]);

    /// <summary>Takes a name apart.</summary>
    /// <param name="text">The name, with or without <see cref="Prefix"/>.</param>
    /// <exception cref="LowrankException">It is none.</exception>
    public static HubName Read(string text)
    {
        var (name, fault) = Parse(text);
        return name ?? throw new LowrankException(fault!);
    }

    /// <summary>Takes a name apart.</summary>
    /// <param name="text">The name, with or without <see cref="Prefix"/>.</param>
    /// <returns>null and a sentence where it is none.</returns>
    public static (HubName? Name, string? Fault) Parse(string text)
    {
        string rest = text.StartsWith(Prefix, StringComparison.Ordinal) ? text[Prefix.Length..] : text;
        int colon = rest.LastIndexOf(':');
        if (colon >= 0 && IsNumber(rest[(colon + 1)..]))
            return (null, $"In {text}, {rest[(colon + 1)..]} is a strength, and none is taken here. Leave :{rest[(colon + 1)..]} out.");
        int slashes = rest.IndexOf("//", StringComparison.Ordinal);
        string? path = slashes < 0 ? null : rest[(slashes + 2)..].TrimEnd('/');
        if (slashes >= 0) rest = rest[..slashes];
        int at = rest.IndexOf('@');
        string? revision = at < 0 ? null : rest[(at + 1)..];
        string[] id = (at < 0 ? rest : rest[..at]).Split('/');
        if (id.Length != 2) return (null, $"{text} does not name an owner and a repository. {Form}");
        string? fault = FaultOfId(id) ?? FaultOfRevision(revision) ?? (path is null ? null : HubPath.Fault(path));
        return fault is null ? (new(id[0], id[1], revision, path), null) : (null, $"{text} is no name on the hub: {fault}. {Form}");
    }

    /// <summary>The name as it is typed.</summary>
    public override string ToString()
    {
        string revision = Revision is null ? "" : $"@{Revision}", path = Path is null ? "" : $"//{Path}";
        return $"{Prefix}{Id}{revision}{path}";
    }

    /// <summary>Whether a text is a commit's whole hash: forty hexadecimal digits.</summary>
    internal static bool IsCommit(string text) => text.Length == 40 && text.All(char.IsAsciiHexDigitLower);

    static string? FaultOfId(string[] id)
    {
        if (id.Sum(part => part.Length) + 1 > LongestId) return $"owner and repository are longer than {LongestId} characters";
        return id.Select(FaultOfPart).FirstOrDefault(fault => fault is not null);
    }

    static string? FaultOfPart(string part)
    {
        if (part.Length == 0) return "owner or repository is empty";
        if (!part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            return $"'{part}' has other characters than letters, digits, '-', '_' and '.'";
        bool isEdged = part[0] is '-' or '.' || part[^1] is '-' or '.';
        bool isReserved = part.Contains("--", StringComparison.Ordinal) || part.Contains("..", StringComparison.Ordinal);
        return isEdged || isReserved ? $"'{part}' begins or ends with '-' or '.', or has two of them in a row" : null;
    }

    static string? FaultOfRevision(string? revision)
    {
        if (revision is null) return null;
        if (revision.Length is 0 or > LongestRevision) return $"the revision has {revision.Length} characters (1 to {LongestRevision})";
        bool isPlain = revision.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or '/' or '+' or '=' or '#');
        return isPlain && HubPath.Fault(revision) is null ? null : $"'{revision}' is no revision";
    }

    static bool IsNumber(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
}
