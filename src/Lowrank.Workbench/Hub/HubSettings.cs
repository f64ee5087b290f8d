using System.Globalization;

namespace Lowrank.Workbench;

/// <summary>Where the hub is and where its files are kept, as the environment says it to every program that speaks with it.</summary>
public sealed record HubSettings
{
    static readonly string[] yes = ["1", "ON", "YES", "TRUE"];

    static readonly Uri hub = new("https://huggingface.co/");
    static readonly TimeSpan usualPatience = TimeSpan.FromSeconds(30);

    /// <summary>The server: HF_ENDPOINT, or the hub itself.</summary>
    public Uri Endpoint { get; init; } = hub;

    /// <summary>The folder of the cache: HF_HUB_CACHE, or hub in HF_HOME, or huggingface/hub in XDG_CACHE_HOME or ~/.cache.</summary>
    public required string Cache { get; init; }

    /// <summary>Who asks: HF_TOKEN, or what the file HF_TOKEN_PATH (token in HF_HOME) holds; null asks as nobody.</summary>
    public string? Token { get; init; }

    /// <summary>Whether nothing may be fetched: HF_HUB_OFFLINE=1.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Whether files are linked into snapshots where the disk can: not with HF_HUB_DISABLE_SYMLINKS=1.</summary>
    public bool UsesLinks { get; init; } = true;

    /// <summary>How long the server may be silent: HF_HUB_DOWNLOAD_TIMEOUT seconds.</summary>
    public TimeSpan Patience { get; init; } = usualPatience;

    /// <summary>How long is waited before a broken request is sent again; each further time twice as long.</summary>
    public TimeSpan Pause { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The settings of this process's environment.</summary>
    /// <exception cref="LowrankException">One cannot be what it says.</exception>
    public static HubSettings OfEnvironment() => Of(Environment.GetEnvironmentVariable);

    /// <summary>The settings of an environment.</summary>
    /// <param name="read">Its variables.</param>
    /// <exception cref="LowrankException">One cannot be what it says.</exception>
    public static HubSettings Of(Func<string, string?> read) => new()
    {
        Endpoint = EndpointOf(read),
        Cache = CacheOf(read),
        Token = TokenOf(read),
        IsOffline = IsSet(read, "HF_HUB_OFFLINE") || IsSet(read, "TRANSFORMERS_OFFLINE"),
        UsesLinks = !IsSet(read, "HF_HUB_DISABLE_SYMLINKS"),
        Patience = PatienceOf(read),
    };

    /// <summary>The folder of the cache that an environment tells.</summary>
    /// <param name="read">Its variables.</param>
    public static string CacheOf(Func<string, string?> read) =>
        PlaceOf(read, "HF_HUB_CACHE") ?? PlaceOf(read, "HUGGINGFACE_HUB_CACHE") ?? Path.Combine(HomeOf(read), "hub");

    static string HomeOf(Func<string, string?> read)
    {
        if (PlaceOf(read, "HF_HOME") is { } home) return home;
        string caches = PlaceOf(read, "XDG_CACHE_HOME") ?? Path.Combine(UserOf(read), ".cache");
        return Path.Combine(caches, "huggingface");
    }

    static string UserOf(Func<string, string?> read) =>
        Told(read, "HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    static string? PlaceOf(Func<string, string?> read, string name)
    {
        if (Told(read, name) is not { } path) return null;
        if (path == "~" || path.StartsWith("~/", StringComparison.Ordinal)) path = UserOf(read) + path[1..];
        return Path.GetFullPath(Environment.ExpandEnvironmentVariables(path));
    }

    static Uri EndpointOf(Func<string, string?> read)
    {
        if (Told(read, "HF_ENDPOINT") is not { } text) return hub;
        bool isAddress = Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";
        if (isAddress && uri!.Query.Length == 0 && uri.UserInfo.Length == 0) return uri;
        throw new LowrankException($"HF_ENDPOINT is '{text}', which is no address of a server. Write it as https://huggingface.co.");
    }

    static string? TokenOf(Func<string, string?> read)
    {
        if (IsSet(read, "HF_HUB_DISABLE_IMPLICIT_TOKEN")) return null;
        if ((Told(read, "HF_TOKEN") ?? Told(read, "HUGGING_FACE_HUB_TOKEN")) is { } told) return Checked(told, "HF_TOKEN");
        string path = PlaceOf(read, "HF_TOKEN_PATH") ?? Path.Combine(HomeOf(read), "token");
        if (!File.Exists(path)) return null;
        string text = File.ReadAllText(path).Trim();
        return text.Length > 0 ? Checked(text, path) : null;
    }

    // The token itself is never told.
    static string Checked(string token, string source) => token.All(c => c is > ' ' and <= '~')
        ? token
        : throw new LowrankException($"{source} holds no token: it has blanks or characters beyond ASCII. A token looks like hf_abc123.");

    static TimeSpan PatienceOf(Func<string, string?> read)
    {
        if (Told(read, "HF_HUB_DOWNLOAD_TIMEOUT") is not { } text) return usualPatience;
        bool isNumber = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double seconds);
        if (isNumber && seconds is > 0 and <= 86_400) return TimeSpan.FromSeconds(seconds);
        throw new LowrankException($"HF_HUB_DOWNLOAD_TIMEOUT is '{text}'; it is a number of seconds, above 0 and at most 86400.");
    }

    static bool IsSet(Func<string, string?> read, string name) => yes.Contains(read(name)?.Trim().ToUpperInvariant());

    static string? Told(Func<string, string?> read, string name) => read(name)?.Trim() is { Length: > 0 } text ? text : null;
}
