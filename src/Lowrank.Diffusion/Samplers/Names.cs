namespace Lowrank.Diffusion;

static class Names
{
    /// <summary>Whether two names are one but for case, blanks, "_" and "-".</summary>
    public static bool Same(string a, string b) => string.Equals(Bare(a), Bare(b), StringComparison.OrdinalIgnoreCase);

    /// <summary>The error for a name that a list lacks.</summary>
    public static LowrankException Unknown(string what, string name, IEnumerable<string> known) =>
        new($"There is no {what} \"{name}\". Near it: {string.Join(", ", NearestNames.To(name, known))}. All: {string.Join(", ", known)}.");

    static string Bare(string name) => string.Concat(name.Where(c => c is not (' ' or '_' or '-')));
}
